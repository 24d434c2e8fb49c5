using System.Diagnostics.Metrics;

namespace OrleansSync.Gateway.Feeds;

/// <summary>What operators see of feeds. Nothing here is counted per subscriber and page.</summary>
internal static class FeedMetrics
{
    private static readonly Meter Meter = new("OrleansSync.Feeds");

    public static readonly UpDownCounter<int> Tails =
        Meter.CreateUpDownCounter<int>("orleanssync.feeds.tails", "{tail}", "Feed partitions that this gateway follows.");

    public static readonly UpDownCounter<int> Views =
        Meter.CreateUpDownCounter<int>("orleanssync.feeds.views", "{view}", "Distinct filters and permissions under which feeds are seen.");

    public static readonly UpDownCounter<int> Subscriptions =
        Meter.CreateUpDownCounter<int>("orleanssync.feeds.subscriptions", "{subscription}", "Open subscriptions.");

    public static readonly Counter<long> Entries =
        Meter.CreateCounter<long>("orleanssync.feeds.entries", "{entry}", "Entries that tails took in.");

    public static readonly Counter<long> Pages =
        Meter.CreateCounter<long>("orleanssync.feeds.pages", "{page}", "Live pages built, each once for all who keep up.");

    public static readonly Counter<long> CatchUpReads =
        Meter.CreateCounter<long>("orleanssync.feeds.catchup_reads", "{read}", "Slices read from the grains for readers who were behind.");

    public static readonly Counter<long> StreamGaps =
        Meter.CreateCounter<long>("orleanssync.feeds.stream_gaps", "{gap}", "Times that the stream brought an entry whose predecessor was missing.");

    public static readonly Counter<long> LooksBehind =
        Meter.CreateCounter<long>("orleanssync.feeds.looks_behind", "{look}", "Looks at the head that found more than the stream had brought.");

    public static readonly Counter<long> Resets =
        Meter.CreateCounter<long>("orleanssync.feeds.resets", "{reset}", "Readers told to start again.");
}
