using Microsoft.Extensions.Logging;
using OrleansSync.Storage;

namespace OrleansSync.Grains.Feeds;

internal static partial class FeedLog
{
    [LoggerMessage(1, LogLevel.Warning, "A commit to feed {Feed} was not made ({Outcome}); the feed is taken again from what is stored.")]
    public static partial void CommitFailed(ILogger log, string feed, CommitOutcome outcome);

    [LoggerMessage(2, LogLevel.Warning, "The store cannot be reached for feed {Feed}.")]
    public static partial void StoreAway(ILogger log, Exception failure, string feed);
}
