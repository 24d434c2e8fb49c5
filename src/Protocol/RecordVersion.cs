namespace OrleansSync.Protocol;

/// <summary>A record as others see it at one version: protocol §2.</summary>
[GenerateSerializer, Immutable]
public sealed record RecordVersion
{
    [Id(0)] public required string Id { get; init; }

    /// <summary>The record's own counter: 1, 2, 3 …, dense, never going back.</summary>
    [Id(1)] public required long Version { get; init; }

    /// <summary>When, by whom and from which device its latest edit came.</summary>
    [Id(2)] public required Timestamp Timestamp { get; init; }
    [Id(3)] public required string Author { get; init; }
    [Id(4)] public string? Client { get; init; }

    /// <summary>The content as minified UTF-8 JSON text; null exactly for a tombstone. Never changed after it was set.</summary>
    [Id(5)] public byte[]? Data { get; init; }

    /// <summary>The values that wait for a person, if any do; a tombstone can have them too.</summary>
    [Id(6)] public Conflict? Conflict { get; init; }

    public bool Deleted => Data is null;
}
