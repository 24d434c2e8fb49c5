using CsCheck;

namespace OrleansSync.Protocol.Tests;

/// <summary>Paths: protocol §2.</summary>
public class NamingAField
{
    [Theory]
    [InlineData("a", new[] { "a" })]
    [InlineData("a.b.c", new[] { "a", "b", "c" })]
    [InlineData(@"a\.b", new[] { "a.b" })]
    [InlineData(@"a\\.b", new[] { @"a\", "b" })]
    [InlineData("é. ", new[] { "é", " " })]
    [InlineData("", new string[0])]
    public void A_path_is_its_member_names(string text, string[] names) =>
        Assert.Equal(names, FieldPath.Parse(text).Segments);

    [Theory]
    [InlineData(".")]
    [InlineData("a.")]
    [InlineData(".a")]
    [InlineData("a..b")]
    [InlineData(@"a\")]
    [InlineData(@"a\b")]
    [InlineData("$a")]
    [InlineData("a.$b")]
    [InlineData("a\0")]
    public void What_names_no_field_is_malformed(string text) =>
        Assert.Equal(Codes.Malformed, Json.Refused(() => FieldPath.Parse(text)).Code);

    [Fact]
    public void Half_of_a_surrogate_pair_names_no_field()
    {
        foreach (var text in new[] { "a\ud800\ufffd", "\udc00", "\ud800\ud800" })
            Assert.Equal(Codes.Malformed, Json.Refused(() => FieldPath.Parse(text)).Code);
    }

    [Fact]
    public void Any_names_survive_being_written_and_read() =>
        Gen.OneOf("a", ".", @"\", "é", "\U0001F600", " ", "b").Array[1, 5].Select(string.Concat).Array[0, 4].Sample(names =>
        {
            var path = FieldPath.Of(names);
            var grown = names.Aggregate(FieldPath.Root, (parent, name) => parent.Member(name));
            return path.Equals(FieldPath.Parse(path.ToString())) && grown.Equals(path) && path.Segments.SequenceEqual(names);
        });

    [Theory]
    [InlineData("", "a.b", true)]
    [InlineData("a", "a", true)]
    [InlineData("a", "a.b", true)]
    [InlineData("a", "ab", false)]
    [InlineData("a.b", "a", false)]
    [InlineData("a", @"a\.b", false)]
    public void A_path_covers_what_is_below_it(string above, string below, bool covers) =>
        Assert.Equal(covers, FieldPath.Parse(above).Covers(FieldPath.Parse(below)));
}
