namespace OrleansSync.Histories.Tests;

/// <summary>Small histories with a bug planted in each, and the sentence that names it.</summary>
public sealed class CheckingAHistory
{
    private const string Record = "notes/r";

    private static readonly History Good = new(
        [
            Write("a-1", 1, 10, 20),
            Write("b-1", 2, 15, 30),
            Read(2, 40, 50),
            Write("a-2", 3, 60, 70, named: 2),
            Refused("b-2", 3, 80, 90, named: 2),
            Read(3, 100, 110),
        ],
        [new("a socket", "notes", [Page("0", "1", Seen(1, 21)), Page("1", "2", Seen(2, 31)), Page("2", "3", Seen(3, 71))])],
        [End("g1", 3), End("g2", 3)],
        Made("a-1", "b-1", "a-2"));

    [Fact]
    public void One_without_a_bug_is_good() => Assert.Equal("good", Checker.Of(Good).ToString());

    [Fact]
    public void A_lost_write() => Names(
        "a-2 was answered as version 3 of notes/r, and it is lost.",
        Good with { Made = Made("a-1", "b-1"), Ends = [End("g1", 2), End("g2", 2)] });

    [Fact]
    public void A_write_that_counts_twice() => Names(
        "g2 shows notes/r at version 3, and 4 writes are counted: one counted twice.",
        Good with { Ends = [Good.Ends[0], new("g2", new Dictionary<string, Showing> { [Record] = Shown(3) with { Count = 4 } })] });

    [Fact]
    public void A_write_that_happened_twice() => Names(
        "b-1 happened twice to notes/r: as version 2 and as version 4.",
        Good with { Made = Made("a-1", "b-1", "a-2", "b-1") });

    [Fact]
    public void A_stale_read() => Names(
        "a read of c through g1 met version 2 of notes/r though a-2, which had ended before it began, made or met version 3.",
        With(5, Read(2, 100, 110)));

    [Fact]
    public void Two_writes_with_one_version() => Names(
        "a-1 and b-1 were both answered as version 1 of notes/r.",
        With(1, Write("b-1", 1, 15, 30)));

    [Fact]
    public void Versions_against_the_clock() => Names(
        "a-1 became version 1 of notes/r though b-1, which had ended before it began, made or met version 2.",
        With(0, Write("a-1", 1, 31, 35)));

    [Fact]
    public void A_read_that_is_half_of_one_version_and_half_of_another() => Names(
        "The answer to a read of c through g1 shows notes/r at version 2 without a-1, which is version 1.",
        With(2, Call(Asked.Read, null, null, 40, 50, new(Said.Done, new(2, ["b-1", "a-2"], 2)))));

    [Fact]
    public void A_refused_write_that_happened() => Names(
        "b-2 was refused, and yet it is version 4 of notes/r.",
        Good with { Made = Made("a-1", "b-1", "a-2", "b-2"), Ends = [], Subscribers = [] });

    [Fact]
    public void A_refusal_at_the_version_that_was_named() => Names(
        "b-2 was refused at version 3 of notes/r, which is the one it named.",
        With(4, Refused("b-2", 3, 80, 90, named: 3)));

    [Fact]
    public void A_refusal_by_a_version_that_is_long_gone() => Names(
        "b-2 met version 1 of notes/r though a-2, which had ended before it began, made or met version 3.",
        With(4, Refused("b-2", 1, 80, 90, named: 2)));

    [Fact]
    public void A_condition_that_let_another_version_pass() => Names(
        "a-2 was to follow version 1 of notes/r, and became version 3.",
        With(3, Write("a-2", 3, 60, 70, named: 1)));

    [Fact]
    public void A_resend_with_another_answer() => Names(
        "a-1 was answered Done at version 1 of notes/r, and when it was sent again Done at 2.",
        With(0, Good.Calls[0] with { Attempts = [.. Good.Calls[0].Attempts, new("g2", 25, 26, new(Said.Done, Shown(2), Replayed: true))] }));

    [Fact]
    public void A_write_that_nobody_answered_may_have_happened_or_not()
    {
        var silent = new Call("d", Record, Asked.Add, "d-1", null, [new("g1", 5, 200, null)]);

        Assert.True(Checker.Of(Good with { Calls = [.. Good.Calls, silent] }).IsGood);
        Assert.True(Checker.Of(Good with { Calls = [.. Good.Calls, silent], Made = Made("a-1", "b-1", "a-2", "d-1"), Subscribers = [], Ends = [] }).IsGood);
    }

    [Fact]
    public void A_write_that_nobody_answered_and_that_was_seen_before_it_began() => Names(
        "a-1 became version 1 of notes/r though b-1, which had ended before it began, made or met version 2.",
        With(0, new Call("a", Record, Asked.Add, "a-1", null, [new("g1", 55, 56, null)])));

    [Fact]
    public void A_subscriber_without_the_last_state() => Names(
        "a socket ended with version 2 of notes/r, and it is at 3.",
        Following(Page("0", "1", Seen(1, 21)), Page("1", "2", Seen(2, 31))));

    [Fact]
    public void A_subscriber_that_went_backwards() => Names(
        "a socket held version 2 of notes/r and was sent version 1.",
        Following(Page("0", "1", Seen(2, 31)), Page("1", "2", Seen(1, 32)), Page("2", "3", Seen(3, 71))));

    [Fact]
    public void A_subscriber_that_skipped_a_cursor() => Names(
        "a socket was at 1 and was sent a page since 2.",
        Following(Page("0", "1", Seen(1, 21)), Page("2", "3", Seen(3, 71))));

    [Fact]
    public void After_a_reset_a_subscriber_begins_anew() => Assert.True(Checker.Of(Following(
        Page("0", "2", Seen(2, 31)), new(72, "2", true, [], "0"), Page("0", "3", Seen(3, 73)))).IsGood);

    [Fact]
    public void Gateways_that_do_not_agree() => Names(
        "g2 ends with version 2 of notes/r, and its history with 3.",
        Good with { Ends = [End("g1", 3), End("g2", 2)] });

    private static void Names(string sentence, History history) =>
        Assert.Contains(sentence, Checker.Of(history).Breaches.Select(breach => breach.Sentence));

    // ---- how to say a history in few words

    private static History With(int place, Call call)
    {
        Call[] calls = [.. Good.Calls];
        calls[place] = call;
        return Good with { Calls = calls };
    }

    private static History Following(params Page[] pages) => Good with { Subscribers = [new("a socket", "notes", pages)] };

    private static Call Write(string id, long version, long start, long end, long? named = null) =>
        Call(named is null ? Asked.Add : Asked.Replace, id, named, start, end, new(Said.Done, Shown(version)));

    private static Call Refused(string id, long version, long start, long end, long named) =>
        Call(Asked.Replace, id, named, start, end, new(Said.Refused, Shown(version)));

    private static Call Read(long version, long start, long end) => Call(Asked.Read, null, null, start, end, new(Said.Done, Shown(version)));

    private static Call Call(Asked asked, string? id, long? named, long start, long end, Answer answer) =>
        new("c", Record, asked, id, named, [new("g1", start, end, answer)]);

    private static Showing Shown(long version) => new(version, [.. new[] { "a-1", "b-1", "a-2" }.Take((int)version)], version);

    private static (Change, long) Seen(long version, long at) => (new(Record, Shown(version), Shown(version).Writes[^1]), at);

    private static Page Page(string since, string cursor, (Change Change, long At) seen) => new(seen.At, since, false, [seen.Change], cursor);

    private static View End(string name, long version) => new(name, new Dictionary<string, Showing> { [Record] = Shown(version) });

    private static Dictionary<string, IReadOnlyList<Made>> Made(params string[] writes) =>
        new() { [Record] = [.. writes.Select((write, before) => new Made(before + 1, write))] };
}
