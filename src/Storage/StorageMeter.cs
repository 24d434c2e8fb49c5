using System.Diagnostics.Metrics;

namespace OrleansSync.Storage;

/// <summary>What the commit pump measures.</summary>
public static class StorageMeter
{
    public const string Name = "OrleansSync.Storage";

    private static readonly Meter Meter = new(Name);

    // Without boundaries of their own, counts and times of this size would all fall into the first bucket or two.
    private static readonly InstrumentAdvice<double> Milliseconds = new() { HistogramBucketBoundaries = [.0001, .0002, .0005, .001, .002, .005, .01, .02, .05, .1, .2, .5, 1, 5] };
    private static readonly InstrumentAdvice<int> Batches = new() { HistogramBucketBoundaries = [1, 2, 4, 8, 16, 32, 64, 128, 256, 512] };

    internal static readonly Histogram<int> BatchSize =
        Meter.CreateHistogram<int>("orleanssync.storage.commit.batch", "{commit}", "Commits in one transaction.", null, Batches);
    internal static readonly Histogram<double> CommitDuration =
        Meter.CreateHistogram<double>("orleanssync.storage.commit.duration", "s", "From begin to durable, per transaction.", null, Milliseconds);
    internal static readonly UpDownCounter<int> QueueLength =
        Meter.CreateUpDownCounter<int>("orleanssync.storage.commit.waiting", "{commit}", "Commits that wait for a transaction.");
    internal static readonly Counter<long> Committed =
        Meter.CreateCounter<long>("orleanssync.storage.commit.records", "{commit}", "Commits that became durable.");
    internal static readonly Counter<long> Refused =
        Meter.CreateCounter<long>("orleanssync.storage.commit.refused", "{commit}", "Commits that were fenced.");
}
