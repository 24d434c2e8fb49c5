using CsCheck;

namespace OrleansSync.Protocol.Tests;

/// <summary>Cursors: protocol §8.</summary>
public class KeepingAPlace
{
    private static readonly FeedView View = FeedView.Of("todos", """{"a":1}""", "");

    [Fact]
    public void A_cursor_is_read_back_as_it_was() =>
        Gen.Select(Gen.Char["0123456789abcxyz"].Array[1, 8], Gen.Long[0, long.MaxValue].Array[1, 8]).Sample((incarnation, places) =>
        {
            var cursor = Cursor.ForView(View, new string(incarnation), places);
            return Cursor.IsWellFormed(cursor.ToString()) && Cursor.TryParse(cursor.ToString(), out var read)
                && read.Equals(cursor) && read.View == View && read.Incarnation == new string(incarnation) && read.Places.SequenceEqual(places);
        });

    [Fact]
    public void A_view_has_the_same_name_everywhere_and_always() =>
        Assert.Equal("1.srw6oeqqor.k3.1-zz-0", Cursor.ForView(View, "k3", 1, 1295, 0).ToString());

    [Fact]
    public void Views_differ_by_collection_filter_and_access()
    {
        FeedView[] views =
        [
            View, FeedView.Of("todo", """{"a":1}""", ""), FeedView.Of("todos", """{"a":2}""", ""), FeedView.Of("todos", null, ""),
            FeedView.Of("todos", "", ""), FeedView.Of("todos", null, "user:ada"), FeedView.Of("todos", "\n", ""), FeedView.Of("todos", "", "\n"),
        ];

        Assert.Equal(views.Length, views.Distinct().Count());
        Assert.All(views, view => Assert.Equal(FeedView.Length, view.Name.Length));
    }

    [Theory]
    [InlineData("a", true)]
    [InlineData("A-z_0.~", true)]
    [InlineData("", false)]
    [InlineData("a b", false)]
    [InlineData("a+b", false)]
    [InlineData("é", false)]
    public void Form_is_told_from_foreign(string text, bool wellFormed) =>
        Assert.Equal(wellFormed, Cursor.IsWellFormed(text));

    [Fact]
    public void Two_hundred_characters_are_the_limit()
    {
        Assert.True(Cursor.IsWellFormed(new string('a', 200)));
        Assert.False(Cursor.IsWellFormed(new string('a', 201)));
    }

    [Theory]
    [InlineData("now")]
    [InlineData("2.0123456789.k3.1")]
    [InlineData("1.0123456789.k3")]
    [InlineData("1.0123456789.k3.1.1")]
    [InlineData("1.012345678.k3.1")]
    [InlineData("1.012345678A.k3.1")]
    [InlineData("1.0123456789..1")]
    [InlineData("1.0123456789.k3k3k3k3k.1")]
    [InlineData("1.0123456789.k3.")]
    [InlineData("1.0123456789.k3.01")]
    [InlineData("1.0123456789.k3.1-")]
    [InlineData("1.0123456789.k3.-1")]
    [InlineData("1.0123456789.k3.A")]
    [InlineData("1.0123456789.k3.zzzzzzzzzzzzz")]
    [InlineData("1.0123456789.k3.10000000000000")]
    public void A_foreign_cursor_is_not_read(string text) =>
        Assert.False(Cursor.TryParse(text, out _));

    [Fact]
    public void A_cursor_fits_its_view_and_its_life_of_the_feed()
    {
        var cursor = Cursor.ForView(View, "k3", 7);

        Assert.True(cursor.Fits(View, "k3"));
        Assert.False(cursor.Fits(View, "k4"));
        Assert.False(cursor.Fits(FeedView.Of("todos", null, ""), "k3"));
    }

    [Fact]
    public void The_beginning_fits_every_life_of_the_feed()
    {
        var beginning = Cursor.ForView(View, "0", 0, 0);

        Assert.True(beginning.IsBeginning);
        Assert.True(beginning.Fits(View, "k4"));
        Assert.False(Cursor.ForView(View, "0", 0, 1).Fits(View, "k4"));
    }
}
