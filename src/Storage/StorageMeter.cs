using System.Diagnostics.Metrics;

namespace OrleansSync.Storage;

/// <summary>What the commit pump measures.</summary>
public static class StorageMeter
{
    public const string Name = "OrleansSync.Storage";

    private static readonly Meter Meter = new(Name);

    internal static readonly Histogram<int> BatchSize =
        Meter.CreateHistogram<int>("orleanssync.storage.commit.batch", "{commit}", "Commits in one transaction.");
    internal static readonly Histogram<double> CommitDuration =
        Meter.CreateHistogram<double>("orleanssync.storage.commit.duration", "s", "From begin to durable, per transaction.");
    internal static readonly UpDownCounter<int> QueueLength =
        Meter.CreateUpDownCounter<int>("orleanssync.storage.commit.waiting", "{commit}", "Commits that wait for a transaction.");
    internal static readonly Counter<long> Committed =
        Meter.CreateCounter<long>("orleanssync.storage.commit.records", "{commit}", "Commits that became durable.");
    internal static readonly Counter<long> Refused =
        Meter.CreateCounter<long>("orleanssync.storage.commit.refused", "{commit}", "Commits that were fenced.");
}
