using OrleansSync.Protocol;

namespace OrleansSync.Grains.Merging;

/// <summary>Gives older data back from newer data and what history says of the step between.</summary>
internal static class HistoryUndo
{
    /// <param name="data">The live data after the changes; null for a tombstone.</param>
    /// <returns>The live data before them; null when there was no live record.</returns>
    public static byte[]? Undo(byte[]? data, IReadOnlyList<PathChange> changes) => throw new NotSupportedException();
}
