namespace OrleansSync.Protocol.Tests;

/// <summary>Requests' envelopes, cut without reading what users put into them.</summary>
public class CuttingARequest
{
    [Fact]
    public void Members_are_handed_out_raw()
    {
        var members = Cut(""" {"a" : { "x": [1, 2] } ,"s":"\u00e9","n":7,"b":true,"z":null,"l":[ 1, {"a":[]} ,"]"], "\u0063":1} """);

        Assert.True(members.TryGet("a", out var raw));
        Assert.Equal("""{ "x": [1, 2] }""", Json.Text(raw.Span));
        Assert.Equal("é", members.String("s"));
        Assert.Equal(7, members.Integer("n"));
        Assert.True(members.Boolean("b"));
        Assert.Equal(["1", """{"a":[]}""", "\"]\""], members.Elements("l")!.Select(element => Json.Text(element.Span)));
        Assert.Equal(1, members.Integer("c"));
        Assert.Equal(["1", "2"], members.Object("a")!.Elements("x")!.Select(element => Json.Text(element.Span)));
        Assert.Equal(7, members.All.Count);
    }

    [Theory]
    [InlineData("z")]
    [InlineData("absent")]
    public void Null_counts_as_absent(string name)
    {
        var members = Cut("""{"z":null}""");

        Assert.False(members.TryGet(name, out _));
        Assert.Null(members.String(name));
        Assert.Null(members.Integer(name));
        Assert.Null(members.Boolean(name));
        Assert.Null(members.Elements(name));
        Assert.Null(members.Object(name));
        Assert.Null(members.Instant(name));
    }

    [Fact]
    public void What_is_ill_typed_is_malformed_and_named()
    {
        var members = Cut("""{"x":7.5,"y":"a","l":"\ud800","h":1e400}""");
        Action[] askings =
        [
            () => members.String("x"), () => members.Integer("x"), () => members.Integer("y"), () => members.Integer("h"),
            () => members.Boolean("y"), () => members.Elements("y"), () => members.Object("y"), () => members.String("l"),
            () => members.Instant("y"), () => members.Strings("x"),
        ];

        foreach (var asking in askings)
        {
            var problem = Json.Refused(asking);
            Assert.Equal(Codes.Malformed, problem.Code);
            Assert.Matches("'[xylh]'", problem.Detail);
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("7")]
    [InlineData("{")]
    [InlineData("{} x")]
    [InlineData("{\"a\":{\"b\":tru}}")]
    [InlineData("{\"a\":[1}}")]
    [InlineData("{\"a\":1,}")]
    [InlineData("""{"a":1,"\u0061":2}""")]
    [InlineData("""{"\ud800":1}""")]
    [InlineData("\uFEFF{}")]
    public void What_is_no_JSON_object_is_malformed(string text) =>
        Assert.Equal(Codes.Malformed, Json.Refused(() => Cut(text)).Code);

    [Fact]
    public void Invalid_UTF8_is_malformed() =>
        Assert.Equal(Codes.Malformed, Json.Refused(() => JsonMembers.Cut(new byte[] { (byte)'{', (byte)'"', 0xFF, (byte)'"', (byte)':', (byte)'1', (byte)'}' })).Code);

    [Fact]
    public void No_depth_is_too_deep()
    {
        const int depth = 1_000_000;

        var members = Cut("{\"a\":" + new string('[', depth) + new string(']', depth) + ",\"b\":1}");

        Assert.Equal(1, members.Integer("b"));
        Assert.Equal(Codes.Malformed, Json.Refused(() => Cut("{\"a\":" + new string('[', depth))).Code);
        Assert.Single(members.Elements("a")!);
    }

    private static JsonMembers Cut(string text) => JsonMembers.Cut(Json.Utf8(text));
}
