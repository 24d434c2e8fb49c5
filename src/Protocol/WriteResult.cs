namespace OrleansSync.Protocol;

/// <summary>What became of a write (protocol §4).</summary>
public enum Outcome : byte { Applied, Merged, Superseded, Held, Rejected, Invalid }

/// <summary>Which value a concurrent path has after the write.</summary>
public enum Kept : byte { Current, Incoming, Both, Held }

/// <summary>What became of one concurrent path, by which rule, and why in words a user can read.</summary>
/// <param name="Rule">timestamp, tie, operation, manual, reject or custom:name.</param>
[GenerateSerializer, Immutable]
public sealed record FieldOutcome(
    [property: Id(0)] string Path,
    [property: Id(1)] Kept Kept,
    [property: Id(2)] string Rule,
    [property: Id(3)] string Why);

/// <summary>The answer to one write.</summary>
[GenerateSerializer, Immutable]
public sealed record WriteResult
{
    /// <summary>The write id, if the write had one.</summary>
    [Id(0)] public string? Id { get; init; }
    [Id(1)] public required Outcome Outcome { get; init; }

    /// <summary>The record after the write; for a rejected one the record that stands; none for an invalid one.</summary>
    [Id(2)] public RecordVersion? Record { get; init; }

    /// <summary>The concurrent paths among those the write touched; empty when there were none.</summary>
    [Id(3)] public IReadOnlyList<FieldOutcome> Fields { get; init; } = [];

    /// <summary>For <see cref="Outcome.Rejected"/> and <see cref="Outcome.Invalid"/>: why.</summary>
    [Id(4)] public Problem? Problem { get; init; }

    /// <summary>True when there was no live record before: the REST status is 201.</summary>
    [Id(5)] public bool Created { get; init; }

    /// <summary>True when this is the first answer given again to a resend.</summary>
    [Id(6)] public bool Replayed { get; init; }

    /// <summary>The HTTP status of this answer.</summary>
    public int Status => Problem?.Status ?? (Outcome == Outcome.Held ? 202 : Created ? 201 : 200);

    public static WriteResult Invalid(string? id, Problem problem) =>
        new() { Id = id, Outcome = Outcome.Invalid, Problem = problem };
}
