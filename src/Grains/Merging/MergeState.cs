using OrleansSync.Protocol;
using OrleansSync.Storage;

namespace OrleansSync.Grains.Merging;

/// <summary>Everything that is known of a record at one version: its data and what decides the next write. Never changes.</summary>
internal sealed class MergeState
{
    /// <summary>The record as others see it.</summary>
    public required RecordVersion View { get; init; }

    /// <summary>The greatest timestamp the record has seen: a write without one comes after it.</summary>
    public required Timestamp LatestSeen { get; init; }

    public string Id => View.Id;
    public long Version => View.Version;
    public bool Deleted => View.Deleted;

    /// <summary>The live data; null for a tombstone.</summary>
    public byte[]? Data => View.Data;

    public static MergeState Load(RecordState stored) => throw new NotSupportedException();

    /// <param name="write">The write id that made the version, if it had one.</param>
    public RecordState Save(string? write) => throw new NotSupportedException();
}
