namespace OrleansSync.Protocol;

/// <summary>
/// A committed version at its place in the feed, with what stood before it, so that a filter can be asked about both states.
/// </summary>
[GenerateSerializer, Immutable]
public sealed record FeedEntry
{
    /// <summary>The place in the feed partition: rises, need not be dense.</summary>
    [Id(0)] public required long Seq { get; init; }
    [Id(1)] public required RecordVersion Record { get; init; }

    /// <summary>The write id that made this version, if it had one.</summary>
    [Id(2)] public string? Write { get; init; }

    /// <summary>True when <see cref="Before"/> is known: entries read back from the store do not know what stood before.</summary>
    [Id(3)] public bool KnowsBefore { get; init; }

    /// <summary>
    /// The live data just before this version; null when there was no live record (or it is not known). Of a tombstone that stays one, or has
    /// an open conflict, what it hides: whom the conflict concerns is asked of that.
    /// </summary>
    [Id(4)] public byte[]? Before { get; init; }
}
