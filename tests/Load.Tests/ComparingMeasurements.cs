using OrleansSync.Load.Measures;
using OrleansSync.Load.Report;

namespace OrleansSync.Load.Tests;

public sealed class ComparingMeasurements
{
    [Theory]
    [InlineData(2000, 1000, "higher", 2.0, "Better")]
    [InlineData(500, 1000, "higher", 0.5, "Worse")]
    [InlineData(500, 1000, "lower", 0.5, "Better")]
    [InlineData(2000, 1000, "lower", 2.0, "Worse")]
    [InlineData(1040, 1000, "higher", 1.04, "Alike")]
    [InlineData(0, 0, "lower", null, "Alike")]
    [InlineData(1, 0, "lower", null, "Worse")]
    public void The_ratio_is_ours_to_theirs_and_the_figure_says_which_way_is_good(double ours, double theirs, string better, double? ratio, string verdict)
    {
        var which = better == "higher" ? Better.Higher : Better.Lower;

        var compared = Compare(Samples.Of("we", Role.Ours, 10, figures: new Figure("f", ours, "", which)), Samples.Of("they", Role.Beside, 10, figures: new Figure("f", theirs, "", which)))
            .Single(each => each.Figure.Name == "f");

        Assert.Equal((ratio, verdict), (compared.Ratio, compared.Verdict.ToString()));
    }

    [Fact]
    public void A_peer_is_held_against_the_same_case_and_a_limit_against_every_case()
    {
        var (one, many) = (Samples.Of("we", Role.Ours, 100, "1 in flight"), Samples.Of("we", Role.Ours, 400, "64 in flight"));
        var (peer, limit) = (Samples.Of("they", Role.Beside, 200, "64 in flight"), Samples.Of("raw", Role.Limit, 800, ""));

        var compared = Compare(one, many, peer, limit).Select(each => (each.Ours.Case, each.Beside.Subject.Name, each.Ratio)).ToArray();

        Assert.Equal([("1 in flight", "raw", 0.125), ("64 in flight", "they", 2.0), ("64 in flight", "raw", 0.5)], compared);
    }

    [Fact]
    public void A_rate_that_was_given_is_no_result()
    {
        var given = Samples.Of("we", Role.Ours, 100) with { RateIsResult = false, Latency = Samples.Milliseconds(1, 2, 3) };

        Assert.Equal(["median latency", "p99 latency"], given.Comparable().Select(figure => figure.Name));
        Assert.Empty(Compare(given, Samples.Of("raw", Role.Limit, 800, "")));
    }

    private static IEnumerable<Comparison> Compare(params Measurement[] measurements) => Comparison.All(measurements);
}
