using OrleansSync.Protocol;

namespace OrleansSync.Storage;

/// <summary>A page of records that is asked for.</summary>
public sealed record RecordQuery
{
    public required string Collection { get; init; }
    public Filter? Filter { get; init; }
    public required RecordOrder Order { get; init; }
    public required int Limit { get; init; }

    /// <summary>
    /// Only the records with an open conflict, tombstones too: those are filtered and ordered by the data behind them.
    /// </summary>
    public bool ConflictsOnly { get; init; }

    /// <summary>The keyset of the last record of the page before: the <c>next</c> of that page.</summary>
    public string? After { get; init; }
}

/// <summary>A page of records.</summary>
/// <param name="Next">Asks for the page after; null when this is the last.</param>
public sealed record RecordPage(
    IReadOnlyList<RecordVersion> Records, string? Next);
