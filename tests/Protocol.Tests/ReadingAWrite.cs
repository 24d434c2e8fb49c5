using CsCheck;

namespace OrleansSync.Protocol.Tests;

/// <summary>Write objects of batches and sockets: protocol §4.</summary>
public class ReadingAWrite
{
    [Fact]
    public void All_members_are_read()
    {
        var read = Read("""
            {"id":"w-1","collection":"todos","record":"t1","op":"put","data":{ "a" : 1.0 },"base":7,"ifVersion":8,
             "timestamp":"2026-11-24T07:35:12+02:00","client":"phone-1","purge":true,"unknown":[{}]}
            """);

        var write = read.Write!;
        Assert.Null(read.Problem);
        Assert.Equal(("w-1", "todos", "t1", WriteOp.Put), (write.Id, write.Collection, write.Record, write.Op));
        Assert.Equal("""{"a":1.0}""", Json.Text(write.Data));
        Assert.Equal((7, new Precondition(PreconditionKind.Version, 8)), (write.Base, write.Precondition));
        Assert.Equal("2026-11-24T05:35:12.0000000Z", write.Timestamp.ToString());
        Assert.Equal(("ada", "phone-1", false), (write.Author, write.Client, write.Purge));
    }

    [Fact]
    public void What_may_be_left_out_is_left_out()
    {
        var write = Read("""{"collection":"todos","record":"t1","op":"delete","id":null,"data":[{"$x":1}]}""").Write!;

        Assert.Equal((null, null, null, null), (write.Id, write.Data, write.Base, write.Timestamp));
        Assert.Equal((Precondition.None, "tab"), (write.Precondition, write.Client));
    }

    [Fact]
    public void The_strict_precondition_serves_as_base()
    {
        var write = Read("""{"collection":"c","record":"r","op":"patch","data":{"n":{"$increment":1}},"ifVersion":0}""").Write!;

        Assert.Equal((0, PreconditionKind.NotLive), (write.Base, write.Precondition.Kind));
    }

    [Theory]
    [InlineData("collection", "\"Todos\"", Codes.InvalidName)]
    [InlineData("collection", "\"\"", Codes.InvalidName)]
    [InlineData("collection", "null", Codes.Malformed)]
    [InlineData("collection", "1", Codes.Malformed)]
    [InlineData("record", "\"..\"", Codes.InvalidName)]
    [InlineData("record", "\"a b\"", Codes.InvalidName)]
    [InlineData("record", "\"a/b\"", Codes.InvalidName)]
    [InlineData("record", "null", Codes.Malformed)]
    [InlineData("client", "\"a b\"", Codes.InvalidName)]
    [InlineData("client", "7", Codes.Malformed)]
    [InlineData("op", "\"merge\"", Codes.Malformed)]
    [InlineData("op", "\"resolve\"", Codes.Malformed)]
    [InlineData("op", "\"claim\"", Codes.Malformed)]
    [InlineData("op", "\"release\"", Codes.Malformed)]
    [InlineData("op", "null", Codes.Malformed)]
    [InlineData("data", "null", Codes.Malformed)]
    [InlineData("data", "[]", Codes.Malformed)]
    [InlineData("data", "{\"a\":1,\"a\":1}", Codes.Malformed)]
    [InlineData("data", "{\"a\":{\"$increment\":1}}", Codes.Malformed)]
    [InlineData("data", "{\"a\":\"0123456789012345678901234567890123456789\"}", Codes.TooLarge)]
    [InlineData("base", "-1", Codes.Malformed)]
    [InlineData("base", "7.5", Codes.Malformed)]
    [InlineData("base", "\"7\"", Codes.Malformed)]
    [InlineData("ifVersion", "-1", Codes.Malformed)]
    [InlineData("timestamp", "\"now\"", Codes.Malformed)]
    [InlineData("timestamp", "5", Codes.Malformed)]
    public void A_bad_write_is_a_problem_under_its_id(string member, string value, string code)
    {
        var members = new Dictionary<string, string>
        {
            ["id"] = "\"w-1\"",
            ["collection"] = "\"todos\"",
            ["record"] = "\"t1\"",
            ["op"] = "\"put\"",
            ["data"] = "{}",
            [member] = value,
        };

        var read = Read("{" + string.Join(",", members.Select(pair => $"\"{pair.Key}\":{pair.Value}")) + "}");

        Assert.Equal((null, "w-1", code), (read.Write, read.Id, read.Problem?.Code));
        Assert.Equal((Outcome.Invalid, "w-1"), (read.ToInvalid().Outcome, read.ToInvalid().Id));
    }

    [Theory]
    [InlineData("7", Codes.Malformed)]
    [InlineData("null", Codes.Malformed)]
    [InlineData("{\"id\":7}", Codes.Malformed)]
    [InlineData("{\"id\":\"a b\"}", Codes.InvalidName)]
    [InlineData("{\"id\":\"\\ud800\"}", Codes.Malformed)]
    public void What_has_no_readable_id_has_none(string text, string code)
    {
        var read = Read(text);

        Assert.Equal((null, null, code), (read.Write, read.Id, read.Problem?.Code));
    }

    [Fact]
    public void A_deep_write_is_one_bad_write()
    {
        var data = "{\"a\":" + new string('[', 100_000) + new string(']', 100_000) + "}";

        var read = Read($$"""{"id":"w","collection":"c","record":"r","op":"put","data":{{data}}}""");

        Assert.Equal(("w", Codes.TooDeep), (read.Id, read.Problem!.Code));
    }

    [Fact]
    public void A_resend_is_told_from_another_write()
    {
        long Of(string op, string data) => WriteFingerprint.Of(Read($$"""{"collection":"c","record":"r","op":"{{op}}","data":{{data}}}""").Write!);
        var first = Of("put", """{"a":1,"b":{"c":2,"d":3}}""");

        Assert.Equal(first, Of("put", """{"b":{"d":3,"c":2},"a":1}"""));
        Assert.NotEqual(first, Of("patch", """{"a":1,"b":{"c":2,"d":3}}"""));
        Assert.NotEqual(first, Of("put", """{"a":1.0,"b":{"c":2,"d":3}}"""));
        Assert.Equal(Of("delete", "1"), Of("delete", "2"));
        Assert.Equal(7601039407484984516, Of("put", "{}"));
    }

    [Fact]
    public void Any_bytes_are_a_write_or_a_problem() =>
        Gen.Select(Gen.Int[0, 120], Gen.Byte.Array[0, 4]).List[1, 4].Sample(mutations =>
        {
            var bytes = Json.Utf8("""{"id":"w-1","collection":"todos","record":"t1","op":"put","data":{"a":"é"},"base":7,"timestamp":"2026-11-24T05:35:12Z"}""");
            foreach (var (at, inserted) in mutations)
                bytes = [.. bytes[..Math.Min(at, bytes.Length)], .. inserted, .. bytes[Math.Min(at + 1, bytes.Length)..]];
            var read = WriteReader.Read(bytes, "ada", null, 1_000);
            return (read.Write is null) != (read.Problem is null);
        }, iter: 10_000);

    private static WriteRead Read(string text) => WriteReader.Read(Json.Utf8(text), "ada", "tab", 40);
}
