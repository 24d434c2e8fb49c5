using Orleans.Configuration;
using Orleans.Runtime;
using Orleans.Streams;
using OrleansSync.Grains.Feeds;

namespace OrleansSync.Grains.Streams;

/// <summary>Which stream, and which queue of the stream provider, carries a feed. The same on every silo and client.</summary>
public static class FeedQueues
{
    /// <summary>The stream provider's name.</summary>
    public const string Provider = "feed";

    /// <summary>The namespace of the streams; their key is the text of the <see cref="FeedKey"/>.</summary>
    public const string Namespace = "feed";

    // A queue waits for one delivery at a time per stream; a few queues keep one busy collection from holding up the others.
    private const int QueueCount = 4;

    internal static readonly HashRingBasedStreamQueueMapper Mapper =
        new(new HashRingStreamQueueMapperOptions { TotalQueueCount = QueueCount }, Provider);

    public static StreamId StreamOf(FeedKey feed) => StreamId.Create(Namespace, feed.ToString());

    internal static long OutletOf(StreamId stream) => Mapper.GetQueueForStream(stream).GetNumericId();
}
