using OrleansSync.Protocol;

namespace OrleansSync.Grains.Merging;

/// <summary>What one write does to one record: the answer, the entry for history and the state that comes of it.</summary>
internal sealed record Decision
{
    public required Outcome Outcome { get; init; }

    /// <summary>The concurrent paths among those the write touched.</summary>
    public IReadOnlyList<FieldOutcome> Fields { get; init; } = [];

    /// <summary>Why, when it is rejected or invalid.</summary>
    public Problem? Problem { get; init; }

    /// <summary>
    /// The state after the write: the same reference when nothing changed. It may be another one without a new version; then it must be
    /// saved quietly, because a later write is decided by it. Null only for an absent record that stays absent.
    /// </summary>
    public required MergeState? State { get; init; }

    /// <summary>True when the state is the record's next version.</summary>
    public bool MakesVersion { get; init; }

    /// <summary>True when there was no live record before and there is one now.</summary>
    public bool Created { get; init; }

    /// <summary>What it did path by path.</summary>
    public IReadOnlyList<PathChange> Changes { get; init; } = [];

    /// <summary>What it wanted where it did not take effect.</summary>
    public IReadOnlyList<PathChange> Wanted { get; init; } = [];

    /// <summary>For a resolution that took effect: the conflict it closed.</summary>
    public Settlement? Settlement { get; init; }

    /// <summary>The write's own timestamp: as it was sent, else the record's now.</summary>
    public required Timestamp Timestamp { get; init; }
}
