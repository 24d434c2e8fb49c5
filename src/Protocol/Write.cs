namespace OrleansSync.Protocol;

/// <summary>What a client asks to do with a record's data, or with its open conflict.</summary>
public enum WriteOp : byte { Put, Patch, Delete, Resolve, Claim, Release }

/// <summary>What must hold of the record, strictly, or the write is refused with 412.</summary>
/// <param name="Kind">Which condition.</param>
/// <param name="Version">For <see cref="PreconditionKind.Version"/>: the version that must be the current one.</param>
[GenerateSerializer, Immutable]
public readonly record struct Precondition([property: Id(0)] PreconditionKind Kind, [property: Id(1)] long Version = 0)
{
    public static readonly Precondition None = new(PreconditionKind.None);

    /// <summary>The precondition that <c>ifVersion</c> states: 0 asks for no live record.</summary>
    public static Precondition At(long version) =>
        version == 0 ? new(PreconditionKind.NotLive) : new(PreconditionKind.Version, version);
}

public enum PreconditionKind : byte
{
    None,
    /// <summary>Only at this version.</summary>
    Version,
    /// <summary>Only if there is a live record (<c>If-Match: *</c>).</summary>
    Live,
    /// <summary>Only if there is no live record (<c>ifVersion: 0</c>, <c>If-None-Match: *</c>).</summary>
    NotLive,
    /// <summary>A condition that no record can meet, such as a weak tag.</summary>
    Never,
}

/// <summary>One write, checked at the edge: names are valid, data is minified JSON within the limits (protocol §4).</summary>
[GenerateSerializer, Immutable]
public sealed record Write
{
    /// <summary>The write id: makes a resend harmless. Without one a resend is a new write.</summary>
    [Id(0)] public string? Id { get; init; }
    [Id(1)] public required string Collection { get; init; }
    [Id(2)] public required string Record { get; init; }
    [Id(3)] public required WriteOp Op { get; init; }

    /// <summary>For a put or patch: minified UTF-8 JSON, an object; in a patch it may hold field operations.</summary>
    [Id(4)] public byte[]? Data { get; init; }

    /// <summary>The version the client was looking at; 0 = it saw none; null = it does not say. Never negative.</summary>
    [Id(5)] public long? Base { get; init; }
    [Id(6)] public Precondition Precondition { get; init; }

    /// <summary>As the client sent it; null means now.</summary>
    [Id(7)] public Timestamp? Timestamp { get; init; }

    /// <summary>The <c>sub</c> of the caller's token, else <see cref="Anonymous"/>.</summary>
    [Id(8)] public required string Author { get; init; }
    [Id(9)] public string? Client { get; init; }

    /// <summary>For a delete by an admin: also forget data and history at once.</summary>
    [Id(10)] public bool Purge { get; init; }

    /// <summary>
    /// When the collection names an owner field: only if that field, before and after, names the author.
    /// False for callers that pass every check.
    /// </summary>
    [Id(11)] public bool OwnerOnly { get; init; }

    /// <summary>For a resolution: what is decided.</summary>
    [Id(12)] public Resolution? Resolution { get; init; }

    /// <summary>For a claim: how long it lasts; null = as the collection's settings say.</summary>
    [Id(13)] public int? ClaimSeconds { get; init; }

    /// <summary>True for what is asked of the record's conflict, not of its data.</summary>
    public bool IsOfConflict => Op >= WriteOp.Resolve;

    /// <summary>The author of whoever does not say who they are.</summary>
    public const string Anonymous = "anonymous";
}
