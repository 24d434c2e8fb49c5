using CsCheck;
using OrleansSync.Load.Endurance;

namespace OrleansSync.Load.Tests;

public sealed class LookingForATrend
{
    private static readonly Gen<double> Moderate = Gen.Double[-100, 100];

    [Fact]
    public void The_line_through_a_line_is_that_line() => Gen.Select(Moderate, Moderate).Sample((slope, start) =>
    {
        var trend = Trend.Through([.. Enumerable.Range(0, 50).Select(second => ((double)second, start + slope * second))])!.Value;

        Assert.InRange(trend.PerSecond - slope, -1e-6, 1e-6);
        Assert.Equal(49, trend.Seconds);
    });

    [Theory]
    [InlineData(0, true)]
    [InlineData(1.9, true)]
    [InlineData(2.1, false)]
    [InlineData(-2.1, false)]
    public void It_is_flat_if_it_changes_by_less_than_two_percent_of_the_mean(double percent, bool flat)
    {
        var trend = Trend.Through([(0, 100 - percent / 2), (300, 100 + percent / 2)])!.Value;

        Assert.Equal(flat, trend.IsFlat);
        Assert.Contains(percent > 2 ? "GROWS" : percent < -2 ? "falls" : "is flat", trend.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void What_wavers_about_the_same_value_is_flat() =>
        Assert.True(Trend.Through([.. Enumerable.Range(0, 300).Select(second => ((double)second, second % 2 == 0 ? 90.0 : 110.0))])!.Value.IsFlat);

    [Fact]
    public void One_moment_has_no_trend() => Assert.Null(Trend.Through([(1, 5), (1, 6)]));
}
