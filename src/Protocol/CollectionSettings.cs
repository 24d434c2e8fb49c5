namespace OrleansSync.Protocol;

/// <summary>Whether concurrency is judged path by path or on the record as one value.</summary>
public enum Granularity : byte { Field, Record }

/// <summary>All settings of a collection (protocol §5), complete: what a request leaves out has its default.</summary>
[GenerateSerializer, Immutable]
public sealed record CollectionSettings
{
    public const string LastWriterWins = "lastWriterWins";
    public const string Reject = "reject";
    public const string Manual = "manual";
    public const string CustomPrefix = "custom:";

    /// <summary>lastWriterWins, reject, manual or custom:name.</summary>
    [Id(0)] public string Policy { get; init; } = LastWriterWins;
    [Id(1)] public Granularity Granularity { get; init; } = Granularity.Field;

    /// <summary>Policies of single paths; each covers what is below it, the longest path wins.</summary>
    [Id(2)] public IReadOnlyDictionary<string, string> Fields { get; init; } = new Dictionary<string, string>();

    /// <summary>JSON Schema text that the data a write leads to must meet, if any.</summary>
    [Id(3)] public string? Schema { get; init; }

    /// <summary>How many versions, and for how many days, history is shown.</summary>
    [Id(4)] public int HistoryVersions { get; init; } = 100;
    [Id(5)] public int HistoryDays { get; init; } = 30;

    /// <summary>How many days a tombstone is kept.</summary>
    [Id(6)] public int TombstoneDays { get; init; } = 30;
    [Id(7)] public int Partitions { get; init; } = 1;

    /// <summary>Paths kept in an index, so that filters and orders on them do not read the whole collection.</summary>
    [Id(8)] public IReadOnlyList<string> Indexes { get; init; } = [];

    /// <summary>Who may read and write: roles, user:sub, authenticated or *; null = the server's default.</summary>
    [Id(9)] public IReadOnlyList<string>? Read { get; init; }
    [Id(10)] public IReadOnlyList<string>? Write { get; init; }
    [Id(11)] public IReadOnlyList<string>? Resolve { get; init; }

    /// <summary>The path of the field that names the only user who may read or write the record.</summary>
    [Id(12)] public string? Owner { get; init; }

    /// <summary>How long a claim on a conflict lasts when it does not say.</summary>
    [Id(13)] public int ClaimSeconds { get; init; } = 300;

    /// <summary>After how many hours an open conflict is settled by timestamp; null = never.</summary>
    [Id(14)] public int? AutoResolveHours { get; init; }

    public static readonly CollectionSettings Default = new();
}

/// <summary>A collection with its settings and what it holds.</summary>
/// <param name="Revision">Counts the changes of the settings; 0 = the collection does not exist yet.</param>
[GenerateSerializer, Immutable]
public sealed record Collection(
    [property: Id(0)] string Name,
    [property: Id(1)] long Revision,
    [property: Id(2)] CollectionSettings Settings,
    [property: Id(3)] CollectionCounts Counts);

[GenerateSerializer, Immutable]
public readonly record struct CollectionCounts(
    [property: Id(0)] long Records, [property: Id(1)] long Tombstones, [property: Id(2)] long Conflicts);
