using OrleansSync.Protocol;

namespace OrleansSync.Storage;

/// <summary>A record as the store keeps it.</summary>
[GenerateSerializer, Immutable]
public sealed record RecordState
{
    [Id(0)] public required RecordVersion View { get; init; }

    /// <summary>The data, also behind a tombstone; the same as the view's for a live record.</summary>
    [Id(1)] public required byte[]? Data { get; init; }

    /// <summary>
    /// What the merge engine knows beside the data; opaque to the store. Empty when the store has forgotten an old tombstone, of which only
    /// version, timestamp, author and client are left.
    /// </summary>
    [Id(2)] public required byte[] Merge { get; init; }

    /// <summary>The write id that made the version, if it had one.</summary>
    [Id(3)] public string? Write { get; init; }
}
