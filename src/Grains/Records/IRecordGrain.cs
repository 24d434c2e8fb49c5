using OrleansSync.Protocol;

namespace OrleansSync.Grains.Records;

/// <summary>One record, the unit of truth. Key: <c>collection/id</c>.</summary>
public interface IRecordGrain : IGrainWithStringKey
{
    /// <summary>
    /// Decides the write and answers when it is durable. Every expected outcome is a value, refusals included; an
    /// <see cref="Outcome.Invalid"/> result with <see cref="Codes.Unavailable"/> means that it may or may not have happened.
    /// </summary>
    Task<WriteResult> Write(Write write);

    /// <summary>The committed record: a tombstone if it was deleted, null if it never was.</summary>
    Task<RecordVersion?> Read();

    /// <summary>The record as it was at a version, null when that version never was or is forgotten.</summary>
    Task<RecordVersion?> ReadVersion(long version);

    /// <summary>What happened, newest first, below entry number <paramref name="before"/>; null when nothing ever happened.</summary>
    Task<HistoryPage?> ReadHistory(long before, int limit);
}

/// <param name="Next">Asks for the page after, as <c>before</c>; null when there is none.</param>
[GenerateSerializer, Immutable]
public sealed record HistoryPage([property: Id(0)] IReadOnlyList<HistoryEntry> Entries, [property: Id(1)] long? Next);
