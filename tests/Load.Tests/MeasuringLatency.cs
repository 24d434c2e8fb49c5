using System.Diagnostics;
using System.Text;

namespace OrleansSync.Load.Tests;

public sealed class MeasuringLatency
{
    [Fact]
    public void Percentiles_are_exact_to_a_thousandth()
    {
        var latency = Samples.Milliseconds(Enumerable.Range(1, 10_000));

        Assert.Equal(10_000, latency.Count);
        foreach (var (seen, exact) in new[] { (latency.P50, 5000.0), (latency.P90, 9000), (latency.P99, 9900), (latency.P999, 9990), (latency.Max, 10_000), (latency.Mean, 5000.5) })
            Assert.InRange(seen, exact * 0.999, exact * 1.001);
    }

    [Fact]
    public void The_curve_rises_to_the_slowest_of_all()
    {
        var curve = Samples.Milliseconds(Enumerable.Range(1, 10_000)).Curve;

        Assert.Equal(1, curve[^1].Share);
        Assert.InRange(curve[^1].Milliseconds, 9990, 10_010);
        Assert.All(curve.Zip(curve.Skip(1)), pair => Assert.True(pair.First.Share <= pair.Second.Share && pair.First.Milliseconds <= pair.Second.Milliseconds));
    }

    [Fact]
    public void Nothing_measured_is_all_zero() => Assert.Equal((0L, 0.0, 0.0), (Samples.Milliseconds().Count, Samples.Milliseconds().P50, Samples.Milliseconds().Mean));

    [Fact]
    public void What_was_due_before_measuring_began_is_left_out()
    {
        var (histogram, began) = (Arrivals.Histogram(), Stopwatch.GetTimestamp());
        var pieces = new[] { began - Stopwatch.Frequency, began - Stopwatch.Frequency / 2, began }.Select(due => $"{{\"text\":\"…\",\"sent\":{due}}}");

        Arrivals.Record(Encoding.UTF8.GetBytes(string.Concat(pieces)), histogram, began);

        Assert.Equal(1, histogram.TotalCount);
    }

    [Fact]
    public void What_is_due_does_not_wait_for_who_is_late()
    {
        var pace = new Pace(1_000_000);

        var due = Enumerable.Range(0, 1000).Select(_ => pace.Next()).ToArray();

        Assert.Equal(999 * (Stopwatch.Frequency / 1_000_000), due[^1] - due[0]);
    }
}
