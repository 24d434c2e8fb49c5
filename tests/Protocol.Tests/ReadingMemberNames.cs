using System.Text;
using System.Text.Json;

namespace OrleansSync.Protocol.Tests;

/// <summary>Names are made strings once, and each is the one that was written.</summary>
public sealed class ReadingMemberNames
{
    [Fact]
    public void A_name_that_came_before_is_the_same_string() => Assert.Same(NameIn("""{"title":1}"""), NameIn("""{"title":2}"""));

    [Theory]
    [InlineData("abc", "acb")]
    [InlineData("title", "tïtle")]
    [InlineData("ü", "ü")]
    [InlineData("", "a")]
    [InlineData("a-name-of-more-than-thirty-two-bytes-1", "a-name-of-more-than-thirty-two-bytes-2")]
    public void Names_are_told_apart_whatever_came_before(string first, string second)
    {
        foreach (var name in new[] { first, second, first, second })
            Assert.Equal(name, NameIn($$"""{"{{name}}":1}"""));
    }

    [Fact]
    public void An_escape_is_read_as_what_it_stands_for() => Assert.Equal("title", NameIn("""{"t\u0069tle":1}"""));

    [Fact]
    public void Any_names_in_any_order_are_what_was_written()
    {
        var random = new Random(7);
        for (var i = 0; i < 20_000; i++)
        {
            var name = string.Concat(Enumerable.Range(0, random.Next(1, 4)).Select(_ => (char)random.Next('a', 'e')));
            Assert.Equal(name, NameIn($$"""{"{{name}}":1}"""));
        }
    }

    private static string NameIn(string json)
    {
        var reader = new Utf8JsonReader(Encoding.UTF8.GetBytes(json));
        reader.Read();
        reader.Read();
        return MemberNames.Of(ref reader);
    }
}
