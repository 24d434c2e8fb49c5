using System.Text.Json;

using CsCheck;

namespace OrleansSync.Protocol.Tests;

/// <summary>Every shape that goes out, byte for byte.</summary>
public class WritingAnswers
{
    private const string When = "2026-11-24T05:35:12.1234567Z";

    private static readonly Timestamp At = Timestamp.TryParse(When, out var at) ? at : default;

    private static readonly RecordVersion Record = new()
    { Id = "t1", Version = 7, Timestamp = At, Author = "ada", Client = "phone-1", Data = Json.Utf8("""{"title":"é","n":1.0}""") };

    private static readonly RecordVersion Tombstone = new() { Id = "t1", Version = 8, Timestamp = At, Author = "bob" };

    private const string RecordText =
        $$$"""{"id":"t1","version":7,"timestamp":"{{{When}}}","author":"ada","client":"phone-1","data":{"title":"é","n":1.0}}""";

    private const string TombstoneText = $$$"""{"id":"t1","version":8,"timestamp":"{{{When}}}","author":"bob","deleted":true}""";

    [Fact]
    public void A_record_and_a_tombstone()
    {
        Assert.Equal(RecordText, Json.Written(target => RecordJson.Write(target, Record)));
        Assert.Equal(TombstoneText, Json.Written(target => RecordJson.Write(target, Tombstone)));
    }

    [Fact]
    public void A_page_of_records()
    {
        Assert.Equal($$$"""{"records":[{{{RecordText}}},{{{TombstoneText}}}],"next":"n","cursor":"c"}""",
            Json.Written(target => RecordJson.WritePage(target, [Record, Tombstone], "n", "c")));
        Assert.Equal("""{"records":[]}""", Json.Written(target => RecordJson.WritePage(target, [], null, null)));
    }

    [Fact]
    public void A_result_that_applied() =>
        Assert.Equal($$$"""{"id":"w-1","outcome":"applied","record":{{{RecordText}}}}""",
            Json.Written(target => ResultJson.Write(target, new() { Id = "w-1", Outcome = Outcome.Applied, Record = Record })));

    [Fact]
    public void A_merged_result_replayed()
    {
        var result = new WriteResult
        {
            Outcome = Outcome.Merged,
            Record = Record,
            Replayed = true,
            Fields = [new("title", Kept.Current, "timestamp", "edited later"), new("n", Kept.Both, "custom:max", "\"both\"")],
        };

        Assert.Equal(
            $$$"""{"outcome":"merged","record":{{{RecordText}}},"replayed":true,"fields":[{"path":"title","kept":"current","rule":"timestamp","why":"edited later"},{"path":"n","kept":"both","rule":"custom:max","why":"\"both\""}]}""",
            Json.Written(target => ResultJson.Write(target, result)));
    }

    [Fact]
    public void A_refused_result_in_a_batch_and_alone()
    {
        var result = new WriteResult
        {
            Id = "w-1",
            Outcome = Outcome.Invalid,
            Problem = new(Codes.Schema, "Does not fit.", [new("title", "must be a string")]),
        };
        const string errors = "\"errors\":[{\"path\":\"title\",\"why\":\"must be a string\"}]";

        Assert.Equal($$$"""{"results":[{"id":"w-1","outcome":"invalid","code":"schema","status":422,"detail":"Does not fit.",{{{errors}}}}]}""",
            Json.Written(target => ResultJson.WriteAll(target, [result])));
        Assert.Equal(
            $$$"""{"type":"about:blank","title":"Unprocessable Content","status":422,"code":"schema","detail":"Does not fit.",{{{errors}}},"id":"w-1","outcome":"invalid"}""",
            Json.Written(target => ProblemJson.Write(target, result)));
    }

    [Fact]
    public void A_problem_about_a_record() =>
        Assert.Equal(
            $$$"""{"type":"about:blank","title":"Gone","status":410,"code":"gone","detail":"It was deleted.","record":{{{TombstoneText}}}}""",
            Json.Written(target => ProblemJson.Write(target, new Problem(Codes.Gone, "It was deleted."), Tombstone)));

    [Fact]
    public void Changes_of_three_kinds()
    {
        Assert.Equal($$$"""{"type":"upsert","record":{{{RecordText}}},"write":"w-1"}""", Json.Written(target => ChangeJson.WriteUpsert(target, Record, "w-1")));
        Assert.Equal($$$"""{"type":"delete","record":{{{TombstoneText}}}}""", Json.Written(target => ChangeJson.WriteDelete(target, Tombstone, null)));
        Assert.Equal("""{"type":"leave","id":"t1","version":7}""", Json.Written(target => ChangeJson.WriteLeave(target, "t1", 7)));
    }

    [Fact]
    public void History_with_what_changed_and_why()
    {
        var entry = new HistoryEntry
        {
            Number = 3,
            Version = 7,
            MadeVersion = true,
            Timestamp = At,
            Author = "ada",
            Client = "tab",
            Write = "w-1",
            Op = WriteOp.Patch,
            Outcome = Outcome.Merged,
            Changes = [new("title", Json.Utf8("\"a\""), Json.Utf8("\"b\"")), new("new", null, Json.Utf8("null")), new("old", Json.Utf8("[1]"), null)],
            Fields = [new("title", Kept.Incoming, "tie", "greater author")],
            RecordedAt = At,
            Fingerprint = 1,
            RecordTimestamp = At,
            RecordAuthor = "ada",
        };
        var refused = entry with { Outcome = Outcome.Rejected, Problem = new(Codes.Gone, "Deleted."), Changes = [], Fields = [], Client = null, Write = null };

        Assert.Equal(
            $$$"""{"entries":[{"version":7,"timestamp":"{{{When}}}","author":"ada","client":"tab","write":"w-1","op":"patch","outcome":"merged","changes":[{"path":"title","from":"a","to":"b"},{"path":"new","to":null},{"path":"old","from":[1]}],"fields":[{"path":"title","kept":"incoming","rule":"tie","why":"greater author"}]}],"next":"3"}""",
            Json.Written(target => HistoryJson.WritePage(target, [entry], "3")));
        Assert.Equal(
            $$$"""{"version":7,"timestamp":"{{{When}}}","author":"ada","op":"patch","outcome":"rejected","code":"gone","detail":"Deleted.","changes":[]}""",
            Json.Written(target => HistoryJson.WriteEntry(target, refused)));
    }

    [Fact]
    public void A_collection_with_complete_settings()
    {
        var collection = new Collection("todos", 1, CollectionSettings.Default, new(5, 2, 0));
        const string text =
            """{"name":"todos","settings":{"policy":"lastWriterWins","granularity":"field","fields":{},"history":{"versions":100,"days":30},"tombstones":{"days":30},"partitions":1,"indexes":[],"access":{},"conflict":{"claimSeconds":300}},"counts":{"records":5,"tombstones":2,"conflicts":0}}""";

        Assert.Equal(text, Json.Written(target => CollectionJson.Write(target, collection)));
        Assert.Equal($$$"""{"collections":[{{{text}}},{{{text}}}]}""", Json.Written(target => CollectionJson.WriteAll(target, [collection, collection])));
    }

    [Fact]
    public void Strings_are_escaped_only_where_JSON_asks_for_it()
    {
        const string text = "a\"\\/<>&'é日\U0001F600\u007f\u2028\b\f\n\r\t\u0001\u001f";
        const string written = "\"a\\\"\\\\/<>&'é日\U0001F600\u007f\u2028\\b\\f\\n\\r\\t\\u0001\\u001f\"";

        Assert.Equal(written, Written(text));
        Assert.Equal(written, Json.Written(target =>
        {
            var json = new JsonOut(target);
            json.String(Json.Utf8(text));
            json.End();
        }));
    }

    [Fact]
    public void Any_string_is_read_back_as_it_was() =>
        Gen.Char.Array[0, 600].Select(chars => new string(chars)).Sample(text =>
        {
            var whole = Json.Text(Json.Utf8(text)); // half a surrogate pair has no UTF-8
            return JsonSerializer.Deserialize<string>(Written(text)) == whole;
        }, iter: 2_000);

    [Theory]
    [InlineData(0, "0")]
    [InlineData(-1, "-1")]
    [InlineData(long.MaxValue, "9223372036854775807")]
    [InlineData(long.MinValue, "-9223372036854775808")]
    public void Whole_numbers_are_written_out(long number, string written) =>
        Assert.Equal(written, Json.Written(target =>
        {
            var json = new JsonOut(target);
            json.Number(number);
            json.End();
        }));

    private static string Written(string text) => Json.Written(target =>
    {
        var json = new JsonOut(target);
        json.String(text);
        json.End();
    });
}
