namespace OrleansSync.Protocol;

/// <summary>What a write did to one path; From or To is null when there was no value, and for what did not take effect To is what it wanted.</summary>
[GenerateSerializer, Immutable]
public sealed record PathChange(
    [property: Id(0)] string Path,
    [property: Id(1)] byte[]? From,
    [property: Id(2)] byte[]? To);

/// <summary>One thing that happened to a record, and why (protocol §7).</summary>
[GenerateSerializer, Immutable]
public sealed record HistoryEntry
{
    /// <summary>The entry's place in the record's history: 1, 2, 3 …, one for every write that is remembered.</summary>
    [Id(0)] public required long Number { get; init; }

    /// <summary>The version it made, or the version it met when it made none.</summary>
    [Id(1)] public required long Version { get; init; }
    [Id(2)] public required bool MadeVersion { get; init; }

    /// <summary>The timestamp the write had in the end.</summary>
    [Id(3)] public required Timestamp Timestamp { get; init; }
    [Id(4)] public required string Author { get; init; }
    [Id(5)] public string? Client { get; init; }
    [Id(6)] public string? Write { get; init; }
    [Id(7)] public required WriteOp Op { get; init; }
    [Id(8)] public required Outcome Outcome { get; init; }
    [Id(9)] public IReadOnlyList<PathChange> Changes { get; init; } = [];
    [Id(10)] public IReadOnlyList<FieldOutcome> Fields { get; init; } = [];
    [Id(11)] public Problem? Problem { get; init; }
    [Id(12)] public bool Created { get; init; }

    /// <summary>When the server recorded it: what retention counts from.</summary>
    [Id(13)] public required Timestamp RecordedAt { get; init; }

    /// <summary>Hash of op and data, to tell a resend from another write under the same id.</summary>
    [Id(14)] public required long Fingerprint { get; init; }

    /// <summary>The latest edit as the record named it at this version: with undone changes it gives the record as it was.</summary>
    [Id(15)] public required Timestamp RecordTimestamp { get; init; }
    [Id(16)] public required string RecordAuthor { get; init; }
    [Id(17)] public string? RecordClient { get; init; }

    /// <summary>True when the record was a tombstone after this entry.</summary>
    [Id(18)] public bool Deleted { get; init; }

    /// <summary>True when a purge made it forget what it says of the data; only the write id is still remembered.</summary>
    [Id(19)] public bool Forgotten { get; init; }

    /// <summary>What the write wanted where it did not take effect, beside <see cref="Changes"/>, which did.</summary>
    [Id(20)] public IReadOnlyList<PathChange> Wanted { get; init; } = [];

    /// <summary>How far the open conflict had come after this entry; null when there was none.</summary>
    [Id(21)] public ConflictMark? Conflict { get; init; }

    /// <summary>For a resolution that took effect: the conflict it closed.</summary>
    [Id(22)] public Settlement? Settlement { get; init; }
}
