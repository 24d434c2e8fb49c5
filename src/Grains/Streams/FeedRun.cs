using Orleans.Providers.Streams.Common;
using Orleans.Runtime;
using Orleans.Streams;
using OrleansSync.Protocol;

namespace OrleansSync.Grains.Streams;

/// <summary>A run of one feed on its way through the stream: what one wake of the feed grain had to tell.</summary>
[GenerateSerializer, Immutable]
internal sealed class FeedRun(StreamId streamId, IReadOnlyList<FeedEntry> entries) : IBatchContainer
{
    [Id(0)] public StreamId StreamId { get; } = streamId;
    [Id(1)] public IReadOnlyList<FeedEntry> Entries { get; } = entries;

    /// <summary>The place of the last entry: who has this token has the whole run.</summary>
    [Id(2)] public StreamSequenceToken SequenceToken { get; } = new EventSequenceTokenV2(entries[^1].Seq);

    public IEnumerable<Tuple<T, StreamSequenceToken>> GetEvents<T>()
    {
        foreach (var entry in Entries)
            if (entry is T wanted)
                yield return Tuple.Create(wanted, (StreamSequenceToken)new EventSequenceTokenV2(entry.Seq));
    }

    public bool ImportRequestContext() => false;
}
