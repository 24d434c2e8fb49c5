using OrleansSync.Protocol;

namespace OrleansSync.Storage;

/// <summary>What the owner of a feed partition must know to commit to it.</summary>
/// <param name="Epoch">Only batches with this epoch are accepted.</param>
/// <param name="Place">Where the feed stands.</param>
public sealed record FeedOwnership(long Epoch, FeedPlace Place);
