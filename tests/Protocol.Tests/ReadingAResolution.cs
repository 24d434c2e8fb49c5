using CsCheck;

namespace OrleansSync.Protocol.Tests;

/// <summary>What people decide, and that they are at it: protocol §6.</summary>
public class ReadingAResolution
{
    [Fact]
    public void All_members_are_read()
    {
        var read = Read("""
            {"choices":{"a":{"take":"current","unknown":1},"b.c":{"take":"candidate","candidate":2,"remove":null},"d\\.e":{"value":{ "x" : 1.0 }},
             "f":{"remove":true},"g":{"value":null,"take":null}},"expect":2,"note":"as agreed","conflict":"c-7","unknown":[]}
            """);

        Assert.Equal((2, "as agreed", "c-7"), (read.Expect, read.Note, read.Conflict));
        Assert.Equal(
            [("a", Taking.Current, 0, null), ("b.c", Taking.Candidate, 2, null), ("d\\.e", Taking.Value, 0, """{"x":1.0}"""), ("f", Taking.Remove, 0, null), ("g", Taking.Value, 0, "null")],
            read.Choices.Select(choice => (choice.Path, choice.Take, choice.Candidate, choice.Value is null ? null : Json.Text(choice.Value))));
    }

    [Fact]
    public void It_may_keep_what_stands_everywhere()
    {
        var read = Read("""{"choices":{},"expect":1}""");

        Assert.Empty(read.Choices);
        Assert.Equal((1, null, null), (read.Expect, read.Note, read.Conflict));
    }

    [Theory]
    [InlineData("""{"expect":1}""")]
    [InlineData("""{"choices":null,"expect":1}""")]
    [InlineData("""{"choices":[],"expect":1}""")]
    [InlineData("""{"choices":"current","expect":1}""")]
    [InlineData("""{"choices":{}}""")]
    [InlineData("""{"choices":{},"expect":0}""")]
    [InlineData("""{"choices":{},"expect":-1}""")]
    [InlineData("""{"choices":{},"expect":1.5}""")]
    [InlineData("""{"choices":{},"expect":"1"}""")]
    [InlineData("""{"choices":{},"expect":1,"note":7}""")]
    [InlineData("""{"choices":{},"expect":1,"conflict":7}""")]
    public void What_is_no_resolution_is_malformed(string text) => Assert.Equal(Codes.Malformed, Json.Refused(() => Read(text)).Code);

    [Theory]
    [InlineData("""{"a":"current"}""")]
    [InlineData("""{"a":null}""")]
    [InlineData("""{"a":{}}""")]
    [InlineData("""{"a":{"take":null}}""")]
    [InlineData("""{"a":{"take":"current","value":1}}""")]
    [InlineData("""{"a":{"take":"current","value":null}}""")]
    [InlineData("""{"a":{"take":"current","remove":true}}""")]
    [InlineData("""{"a":{"value":1,"remove":true}}""")]
    [InlineData("""{"a":{"take":"current","candidate":1}}""")]
    [InlineData("""{"a":{"value":1,"candidate":1}}""")]
    [InlineData("""{"a":{"remove":true,"candidate":1}}""")]
    [InlineData("""{"a":{"candidate":1}}""")]
    [InlineData("""{"a":{"take":"candidate"}}""")]
    [InlineData("""{"a":{"take":"candidate","candidate":0}}""")]
    [InlineData("""{"a":{"take":"candidate","candidate":1.5}}""")]
    [InlineData("""{"a":{"take":"candidate","candidate":"1"}}""")]
    [InlineData("""{"a":{"take":"candidate","candidate":2147483648}}""")]
    [InlineData("""{"a":{"take":"mine"}}""")]
    [InlineData("""{"a":{"take":1}}""")]
    [InlineData("""{"a":{"remove":false}}""")]
    [InlineData("""{"a":{"remove":1}}""")]
    [InlineData("""{"a..b":{"take":"current"}}""")]
    [InlineData("""{"a\\b":{"take":"current"}}""")]
    [InlineData("""{"$a":{"take":"current"}}""")]
    [InlineData("""{"a":{"value":{"$increment":1}}}""")]
    [InlineData("""{"a":{"value":{"b":1,"b":2}}}""")]
    [InlineData("""{"a":{"value":1e999}}""")]
    [InlineData("""{"":{"value":[1]}}""")]
    [InlineData("""{"":{"value":null}}""")]
    [InlineData("""{"a":{"take":"current"},"a":{"take":"current"}}""")]
    [InlineData("""{"a":{"take":"current","take":"current"}}""")]
    public void A_choice_that_cannot_be_meant_is_malformed(string choices) => Assert.Equal(Codes.Malformed, Chosen(choices).Code);

    [Theory]
    [InlineData("""{"a":{"value":1},"a.b":{"value":2}}""")]
    [InlineData("""{"a.b.c":{"remove":true},"x":{"remove":true},"a":{"take":"candidate","candidate":1}}""")]
    [InlineData("""{"":{"take":"candidate","candidate":1},"a":{"value":2}}""")]
    public void Of_two_changes_one_cannot_cover_the_other(string choices) => Assert.Equal(Codes.Malformed, Chosen(choices).Code);

    [Theory]
    [InlineData("""{"a":{"take":"current"},"a.b":{"value":2}}""")]
    [InlineData("""{"a":{"value":1},"a\\.b":{"value":2},"ab":{"value":3}}""")]
    [InlineData("""{"":{"take":"current"},"a":{"value":2}}""")]
    [InlineData("""{"":{"value":{"a":1}}}""")]
    [InlineData("""{"":{"remove":true}}""")]
    [InlineData("""{"a":{"value":"0123456789012345678901234567890123456"}}""")]
    public void What_does_not_contradict_itself_is_read(string choices) =>
        Assert.NotEmpty(Read($$"""{"choices":{{choices}},"expect":1}""").Choices);

    [Fact]
    public void A_value_has_the_limits_of_data()
    {
        Assert.Equal(Codes.TooLarge, Chosen($$$"""{"a":{"value":"{{{new string('x', 39)}}}"}}""").Code);
        Assert.Equal("null", Nested(32, "null"));
        Assert.Equal(Codes.TooDeep, Json.Refused(() => Nested(32, "[]")).Code);
        Assert.Equal(Codes.TooDeep, Json.Refused(() => Nested(33, "null")).Code);
        Assert.Equal("[[]]", Nested(30, "[[]]"));
        Assert.Equal(Codes.TooDeep, Json.Refused(() => Nested(30, "[[[]]]")).Code);
    }

    [Fact]
    public void Choices_and_the_note_have_limits()
    {
        string Choices(int count) => string.Join(",", Enumerable.Range(0, count).Select(i => $$"""
            "p{{i}}":{"remove":true}
            """));

        Assert.Equal(1_000, Read($$$$"""{"choices":{{{{{Choices(1_000)}}}}},"expect":1}""").Choices.Count);
        Assert.Equal(Codes.Malformed, Json.Refused(() => Read($$$$"""{"choices":{{{{{Choices(1_001)}}}}},"expect":1}""")).Code);
        Assert.Equal(4096, Read($$"""{"choices":{},"expect":1,"note":"{{new string('é', 4096)}}"}""").Note!.Length);
        Assert.Equal(Codes.Malformed, Json.Refused(() => Read($$"""{"choices":{},"expect":1,"note":"{{new string('é', 4097)}}"}""")).Code);
    }

    [Fact]
    public void A_claim_says_for_how_long_or_nothing()
    {
        Assert.Equal((null, null, 1, 86_400), (Claim("{}"), Claim("""{"seconds":null}"""), Claim("""{"seconds":1}"""), Claim("""{"seconds":86400}""")));
        foreach (var wrong in new[] { "0", "-1", "86401", "1.5", "\"300\"", "true" })
            Assert.Equal(Codes.Malformed, Json.Refused(() => Claim($$"""{"seconds":{{wrong}}}""")).Code);
    }

    [Fact]
    public void As_a_frame_it_is_a_write_like_any_other()
    {
        var read = Frame(WriteOp.Resolve, """{"type":"resolve","ref":5,"id":"w-1","collection":"todos","record":"t1","choices":{},"expect":3,"ifVersion":7,"client":"phone-1"}""");

        var write = read.Write!;
        Assert.Equal(("w-1", "todos", "t1", WriteOp.Resolve, 3), (write.Id, write.Collection, write.Record, write.Op, write.Resolution!.Expect));
        Assert.Equal(("ada", "phone-1", null, null), (write.Author, write.Client, write.Base, write.Data));
        Assert.Equal(new Precondition(PreconditionKind.Version, 7), write.Precondition);
        Assert.Equal(
            (60, "tab", null),
            Frame(WriteOp.Claim, """{"collection":"todos","record":"t1","seconds":60,"choices":7}""").Write is { } claim ? (claim.ClaimSeconds, claim.Client, claim.Resolution) : default);
        Assert.NotNull(Frame(WriteOp.Release, """{"collection":"todos","record":"t1","seconds":"x"}""").Write);
    }

    [Theory]
    [InlineData("""{"id":"w-1","record":"t1","choices":{},"expect":3}""", "w-1", Codes.Malformed)]
    [InlineData("""{"id":"w-1","collection":"Todos","record":"t1","choices":{},"expect":3}""", "w-1", Codes.InvalidName)]
    [InlineData("""{"id":"w-1","collection":"todos","record":"..","choices":{},"expect":3}""", "w-1", Codes.InvalidName)]
    [InlineData("""{"id":"w-1","collection":"todos","record":"t1","choices":{}}""", "w-1", Codes.Malformed)]
    [InlineData("""{"id":"w 1","collection":"todos","record":"t1","choices":{},"expect":3}""", null, Codes.InvalidName)]
    [InlineData("""{"collection":"todos","record":"t1","choices":{},"expect":3,"client":"a b"}""", null, Codes.InvalidName)]
    public void A_bad_frame_is_a_problem_under_its_id(string text, string? id, string code)
    {
        var read = Frame(WriteOp.Resolve, text);

        Assert.Equal((null, id, code), (read.Write, read.Id, read.Problem?.Code));
    }

    [Fact]
    public void Any_bytes_are_a_resolution_or_a_problem() =>
        Gen.Select(Gen.Int[0, 140], Gen.Byte.Array[0, 4]).List[1, 4].Sample(mutations =>
        {
            var bytes = Json.Utf8("""{"collection":"c","record":"r","choices":{"a":{"take":"candidate","candidate":1},"b.c":{"value":["é",null]},"d":{"remove":true}},"expect":2}""");
            foreach (var (at, inserted) in mutations)
                bytes = [.. bytes[..Math.Min(at, bytes.Length)], .. inserted, .. bytes[Math.Min(at + 1, bytes.Length)..]];
            try
            {
                var read = WriteReader.ReadOfConflict(JsonMembers.Cut(bytes), WriteOp.Resolve, "ada", null, 100);
                return (read.Write is null) != (read.Problem is null);
            }
            catch (RefusedException)
            {
                return true;
            }
        }, iter: 10_000);

    private static Resolution Read(string text) => ResolutionReader.Read(JsonMembers.Cut(Json.Utf8(text)), 40);

    private static Problem Chosen(string choices) => Json.Refused(() => Read($$"""{"choices":{{choices}},"expect":1}"""));

    private static string Nested(int names, string value)
    {
        var path = string.Join('.', Enumerable.Repeat("a", names));
        return Json.Text(Read($$$$"""{"choices":{"{{{{path}}}}":{"value":{{{{value}}}}}},"expect":1}""").Choices.Single().Value);
    }

    private static int? Claim(string text) => ClaimReader.Read(JsonMembers.Cut(Json.Utf8(text)));

    private static WriteRead Frame(WriteOp op, string text) => WriteReader.ReadOfConflict(JsonMembers.Cut(Json.Utf8(text)), op, "ada", "tab", 40);
}
