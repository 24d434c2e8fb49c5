namespace OrleansSync.Protocol.Tests;

/// <summary>An open conflict, and what is left of a closed one: protocol §6 and §7, byte for byte.</summary>
public class ShowingAConflict
{
    private const string When = "2026-11-24T05:35:12.1234567Z";
    private const string Later = "2026-11-24T05:40:12.1234567Z";

    private static readonly Timestamp At = Timestamp.TryParse(When, out var at) ? at : default;
    private static readonly Timestamp Until = Timestamp.TryParse(Later, out var until) ? until : default;

    private static readonly Candidate Bobs = new()
    {
        Id = 1,
        Write = "w-1",
        Author = "bob",
        Client = "tab-2",
        Timestamp = At,
        Op = WriteOp.Patch,
        Base = 5,
        Values = [new("title", Json.Utf8("\"Oat milk\"")), new("a\\.b", Json.Utf8("""{"x":[1.0,null]}"""))],
        Removed = ["note", "q\"uote"],
    };

    private static readonly Candidate Deleting = new() { Id = 2, Author = "eve", Timestamp = At, Op = WriteOp.Delete, Removed = [""] };

    private static readonly Conflict Open = new()
    {
        Id = "c-7",
        Revision = 2,
        OpenedAt = At,
        Fields = [new("title", Json.Utf8("\"Milk\""), Json.Utf8("\"Buy milk\"")), new("a\\.b", null, Json.Utf8("null")), new("note", Json.Utf8("3"), null), new("", null, null)],
        Candidates = [Bobs, Deleting],
    };

    private const string BobsText =
        $$$"""{"id":1,"write":"w-1","author":"bob","client":"tab-2","timestamp":"{{{When}}}","op":"patch","base":5,"values":{"title":"Oat milk","a\\.b":{"x":[1.0,null]}},"removed":["note","q\"uote"]}""";

    private const string DeletingText = $$$"""{"id":2,"author":"eve","timestamp":"{{{When}}}","op":"delete","removed":[""]}""";

    private const string Rest =
        $$$"""
        "fields":{"title":{"base":"Milk","current":"Buy milk"},"a\\.b":{"current":null},"note":{"base":3},"":{}},"candidates":[{{{BobsText}}},{{{DeletingText}}}]}
        """;

    private const string OpenText = $$$"""{"id":"c-7","revision":2,"openedAt":"{{{When}}}",{{{Rest}}}""";

    [Fact]
    public void A_conflict_shows_its_paths_and_candidates() =>
        Assert.Equal(OpenText, Json.Written(target => ConflictJson.Write(target, Open)));

    [Fact]
    public void A_claimed_one_says_by_whom_and_until_when() => Assert.Equal(
        $$$"""{"id":"c-7","revision":2,"openedAt":"{{{When}}}","claimedBy":"ada","claimedUntil":"{{{Later}}}",{{{Rest}}}""",
        Json.Written(target => ConflictJson.Write(target, Open with { Claim = new("ada", "tab-1", Until) })));

    [Fact]
    public void It_comes_last_in_a_record_and_in_a_tombstone()
    {
        var record = new RecordVersion { Id = "t1", Version = 7, Timestamp = At, Author = "ada", Data = Json.Utf8("{}"), Conflict = Open };

        Assert.Equal($$$"""{"id":"t1","version":7,"timestamp":"{{{When}}}","author":"ada","data":{},"conflict":{{{OpenText}}}}""",
            Json.Written(target => RecordJson.Write(target, record)));
        Assert.Equal($$$"""{"id":"t1","version":7,"timestamp":"{{{When}}}","author":"ada","deleted":true,"conflict":{{{OpenText}}}}""",
            Json.Written(target => RecordJson.Write(target, record with { Data = null })));
    }

    [Fact]
    public void A_result_may_be_held() => Assert.Equal(
        """{"id":"w-1","outcome":"held","fields":[{"path":"title","kept":"held","rule":"manual","why":"changed by ada"}]}""",
        Json.Written(target => ResultJson.Write(
            target, new() { Id = "w-1", Outcome = Outcome.Held, Fields = [new("title", Kept.Held, "manual", "changed by ada")] })));

    [Fact]
    public void The_entry_of_a_resolution_has_the_candidates_that_were_not_taken_whole()
    {
        var entry = Entry(WriteOp.Resolve) with { Settlement = new(Open, [1, 2], "talked to \"Bob\"") };

        Assert.Equal(
            $$$"""{"version":8,"timestamp":"{{{When}}}","author":"ada","op":"resolve","outcome":"applied","changes":[],"note":"talked to \"Bob\"","discarded":[{{{BobsText}}},{{{DeletingText}}}]}""",
            Json.Written(target => HistoryJson.WriteEntry(target, entry)));
        Assert.EndsWith(
            $$$""","changes":[],"discarded":[{{{DeletingText}}}]}""",
            Json.Written(target => HistoryJson.WriteEntry(target, entry with { Settlement = new(Open, [2], null) })));
        Assert.EndsWith(
            ""","changes":[],"discarded":[]}""",
            Json.Written(target => HistoryJson.WriteEntry(target, entry with { Settlement = new(Open, [], null) })));
    }

    [Fact]
    public void What_took_effect_comes_before_what_was_wanted()
    {
        PathChange done = new("a", Json.Utf8("1"), Json.Utf8("2")), wanted = new("b", Json.Utf8("3"), null);
        const string DoneText = """{"path":"a","from":1,"to":2}""", WantedText = """{"path":"b","from":3}""";
        var entry = Entry(WriteOp.Patch) with { Outcome = Outcome.Held };

        Assert.Contains($"\"changes\":[{DoneText},{WantedText}]", Written(entry with { Changes = [done], Wanted = [wanted] }));
        Assert.Contains($"\"changes\":[{WantedText},{WantedText}]", Written(entry with { Wanted = [wanted, wanted] }));
        Assert.Contains($"\"changes\":[{DoneText}]", Written(entry with { Changes = [done] }));
    }

    [Theory]
    [InlineData(WriteOp.Claim, "claim")]
    [InlineData(WriteOp.Release, "release")]
    public void Claims_are_in_history_too(WriteOp op, string word) => Assert.Contains($"\"op\":\"{word}\"", Written(Entry(op)));

    private static string Written(HistoryEntry entry) => Json.Written(target => HistoryJson.WriteEntry(target, entry));

    private static HistoryEntry Entry(WriteOp op) => new()
    {
        Number = 3,
        Version = 8,
        MadeVersion = true,
        Timestamp = At,
        Author = "ada",
        Op = op,
        Outcome = Outcome.Applied,
        RecordedAt = At,
        Fingerprint = 1,
        RecordTimestamp = At,
        RecordAuthor = "ada",
    };
}
