using CsCheck;
using OrleansSync.Load.Report;

namespace OrleansSync.Load.Tests;

public sealed class DrawingAnAxis
{
    [Fact]
    public void Any_value_has_its_place_between_a_few_round_marks() => Gen.Double[1e-6, 1e9].Sample(greatest =>
    {
        var scale = Scale.Linear(greatest);
        Assert.InRange(scale.At(greatest), 0, 1);
        Assert.InRange(scale.Marks.Count, 2, 7);
        Assert.Equal((0.0, 1.0), (scale.At(scale.Marks[0]), Math.Round(scale.At(scale.Marks[^1]), 9)));
    });

    [Fact]
    public void Powers_of_ten_are_equally_far_apart()
    {
        var scale = Scale.Powers(1, 5000);

        Assert.Equal([1, 10, 100, 1000, 10_000], scale.Marks);
        Assert.Equal([0, 0.25, 0.5, 0.75, 1], scale.Marks.Select(mark => Math.Round(scale.At(mark), 9)));
    }

    [Theory]
    [InlineData(0, "0")]
    [InlineData(0.0213, "0.021")]
    [InlineData(2.346, "2.35")]
    [InlineData(40_618.4, "40,618")]
    public void Numbers_keep_the_digits_that_matter(double value, string text) => Assert.Equal(text, Number.Text(value));
}
