using OrleansSync.Protocol;

namespace OrleansSync.Storage;

/// <summary>A conflict that waits for somebody to decide it: enough to find it.</summary>
/// <param name="Record">The id of the record.</param>
/// <param name="Conflict">The <see cref="Conflict.Id"/>: a record's next conflict has another.</param>
public readonly record struct OpenConflict(string Record, string Conflict, Timestamp OpenedAt);
