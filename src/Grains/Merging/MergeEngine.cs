using OrleansSync.Protocol;

namespace OrleansSync.Grains.Merging;

/// <summary>Decides what one write does to one record (protocol §4). The same inputs give the same outcome, on every node.</summary>
internal static class MergeEngine
{
    /// <summary>The version whose data an exact decision needs from history; null when none is.</summary>
    public static long? NeedsBaseData(MergeState? state, Write write, CollectionSettings settings) => null;

    /// <param name="now">The server's clock; a write without timestamp comes after all that the record has seen, too.</param>
    /// <param name="baseData">The data at the version that <see cref="NeedsBaseData"/> named; null when it is forgotten.</param>
    public static Decision Decide(
        MergeState? state, Write write, CollectionSettings settings, Timestamp now, byte[]? baseData, CustomPolicies policies) =>
        throw new NotSupportedException();
}
