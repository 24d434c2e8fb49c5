namespace OrleansSync.Protocol.Tests;

/// <summary>Codes and names: protocol §11 and §2.</summary>
public class NamingProblems
{
    // The table of protocol §11.
    private static readonly Dictionary<int, string[]> Published = new()
    {
        [400] = ["malformed", "invalid-name", "too-deep", "clock-ahead"],
        [401] = ["unauthorized"],
        [403] = ["forbidden"],
        [404] = ["not-found", "unknown-collection"],
        [405] = ["method-not-allowed"],
        [409] = ["concurrent-edit", "claimed", "moved-on", "conflict-full"],
        [410] = ["gone"],
        [412] = ["version-mismatch", "exists"],
        [413] = ["too-large"],
        [415] = ["unsupported-media-type"],
        [422] = ["schema", "type-mismatch", "write-id-reused"],
        [428] = ["base-required"],
        [429] = ["rate-limited"],
        [500] = ["internal"],
        [503] = ["overloaded", "unavailable"],
    };

    [Fact]
    public void The_codes_are_those_that_are_published()
    {
        var published = Published.SelectMany(row => row.Value.Select(code => (code, row.Key))).Order();

        Assert.Equal(published, Codes.All.Select(code => (code, Codes.StatusOf(code))).Order());
    }

    [Fact]
    public void Every_code_can_be_written_as_a_problem()
    {
        foreach (var code in Codes.All)
        {
            var text = Json.Written(target => ProblemJson.Write(target, new Problem(code, "Why.")));
            Assert.Contains($"\"status\":{Codes.StatusOf(code)},\"code\":\"{code}\",\"detail\":\"Why.\"}}", text);
        }
    }

    [Theory]
    [InlineData("a", true)]
    [InlineData("a_b-9", true)]
    [InlineData("A", false)]
    [InlineData("9a", false)]
    [InlineData("_a", false)]
    [InlineData("a.b", false)]
    [InlineData("", false)]
    [InlineData("a\n", false)]
    [InlineData("é", false)]
    public void Collections_are_named_in_lower_case(string name, bool valid) =>
        Assert.Equal(valid, Names.IsCollection(name));

    [Theory]
    [InlineData("A-z_0.9~:@", true)]
    [InlineData("...", true)]
    [InlineData(".", false)]
    [InlineData("..", false)]
    [InlineData("", false)]
    [InlineData("a b", false)]
    [InlineData("a/b", false)]
    [InlineData("a%20", false)]
    [InlineData("é", false)]
    public void Records_are_named_by_what_URLs_keep(string id, bool valid) =>
        Assert.Equal(valid, Names.IsRecordId(id));

    [Fact]
    public void Names_have_a_length()
    {
        Assert.True(Names.IsCollection(new string('a', 63)));
        Assert.False(Names.IsCollection(new string('a', 64)));
        Assert.True(Names.IsId(new string('a', 128)));
        Assert.False(Names.IsId(new string('a', 129)));
        Assert.True(Names.IsId("."));
    }
}
