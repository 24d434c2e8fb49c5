using System.Diagnostics.Metrics;
using OrleansSync.Protocol;

namespace OrleansSync.Gateway.Writes;

/// <summary>How many writes were answered, with which outcome, and how long that took.</summary>
internal static class WriteMetrics
{
    private static readonly Meter Meter = new("OrleansSync.Gateway.Writes");
    private static readonly Counter<long> Writes = Meter.CreateCounter<long>("orleanssync.writes", "{write}", "Writes answered, by outcome");
    private static readonly InstrumentAdvice<double> Milliseconds = new() { HistogramBucketBoundaries = [.0002, .0005, .001, .002, .005, .01, .02, .05, .1, .2, .5, 1, 2, 5, 10] };
    private static readonly Histogram<double> Seconds = Meter.CreateHistogram<double>("orleanssync.write.duration", "s", "From the door to the durable answer", null, Milliseconds);

    // Tags are built once: a write allocates nothing here.
    private static readonly KeyValuePair<string, object?>[] Tags =
        [.. Enum.GetValues<Outcome>().Select(outcome => new KeyValuePair<string, object?>("outcome", outcome.ToString().ToLowerInvariant()))];

    public static void Answered(Outcome outcome, TimeSpan took)
    {
        Writes.Add(1, Tags[(int)outcome]);
        Seconds.Record(took.TotalSeconds);
    }
}
