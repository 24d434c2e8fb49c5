using OrleansSync.Protocol;

namespace OrleansSync.Storage;

/// <summary>One decided write: a history entry, and the record's new state where it has one.</summary>
[GenerateSerializer, Immutable]
public sealed record RecordCommit
{
    [Id(0)] public required string RecordId { get; init; }

    /// <summary>
    /// The place in the feed; 0 = no new version (the state may still have changed quietly: then the record keeps its place and the write id
    /// of the version that stands). Set by the feed.
    /// </summary>
    [Id(1)] public long Seq { get; init; }

    /// <summary>True when the feed is to give it a place.</summary>
    [Id(6)] public bool MakesVersion { get; init; }

    /// <summary>The version before; 0 = none. A store row at another version refuses the batch.</summary>
    [Id(2)] public required long ExpectedVersion { get; init; }

    /// <summary>The new state; null when only history is added.</summary>
    [Id(3)] public RecordState? State { get; init; }

    /// <summary>The entry that explains it, under the next free number of the record.</summary>
    [Id(4)] public required HistoryEntry Entry { get; init; }

    /// <summary>The live data before, for filters on the state before; null when there was no live record.</summary>
    [Id(5)] public byte[]? Before { get; init; }

    /// <summary>Also forget what all earlier entries say of the data (purge); their write ids stay remembered.</summary>
    [Id(7)] public bool Purge { get; init; }
}
