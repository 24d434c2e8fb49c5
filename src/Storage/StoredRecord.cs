using OrleansSync.Protocol;

namespace OrleansSync.Storage;

/// <summary>A record, its latest history number and the write ids it remembers.</summary>
/// <param name="State">Null when only refused writes were ever recorded.</param>
/// <param name="LastNumber">The number of its newest history entry.</param>
/// <param name="Writes">Hashes (<see cref="WriteHash"/>) of remembered writes, oldest first, with the time each was recorded: at least the last 100, and of the last 24 h up to 10,000.</param>
public sealed record StoredRecord(RecordState? State, long LastNumber, IReadOnlyList<RememberedWrite> Writes);

public readonly record struct RememberedWrite(long Hash, Timestamp RecordedAt);
