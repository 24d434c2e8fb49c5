using OrleansSync.Protocol;

namespace OrleansSync.Storage;

/// <summary>What the owner of a feed partition must know to commit to it.</summary>
/// <param name="Epoch">Only batches with this epoch are accepted.</param>
/// <param name="Place">Where the feed stands.</param>
/// <param name="From">The owner it was taken from; null when it was nobody's: new, or released.</param>
public sealed record FeedOwnership(long Epoch, FeedPlace Place, string? From);

/// <summary>A feed partition that its owner believes to hold.</summary>
public readonly record struct HeldFeed(string Collection, int Partition, long Epoch);
