using OrleansSync.Protocol;

namespace OrleansSync.Storage;

/// <summary>A path of a collection whose values are kept in the index.</summary>
/// <param name="Key">The store's own key of it.</param>
internal sealed record IndexedPath(long Key, FieldPath Path, IndexState State);

/// <summary>How far a path is in the index.</summary>
internal enum IndexState
{
    /// <summary>Kept in step by commits; older records may be missing still.</summary>
    Filling,
    /// <summary>Complete: lists may use it.</summary>
    Complete,
    /// <summary>On its way out: neither kept in step nor used.</summary>
    Leaving,
}
