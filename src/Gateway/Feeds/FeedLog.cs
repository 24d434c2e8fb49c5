namespace OrleansSync.Gateway.Feeds;

/// <summary>What feeds say to the operator's log; nothing per subscriber.</summary>
internal static partial class FeedLog
{
    [LoggerMessage(Level = LogLevel.Debug, Message = "The head of feed {Feed} could not be asked for; asked again within a second")]
    public static partial void LookFailed(ILogger log, string feed, Exception failure);

    [LoggerMessage(Level = LogLevel.Debug, Message = "Feed {Feed} could not be read or followed; tried again within a second")]
    public static partial void ReadFailed(ILogger log, string feed, Exception failure);

    [LoggerMessage(Level = LogLevel.Information, Message = "The stream of feed {Feed} stays behind: subscribing again, reading directly meanwhile")]
    public static partial void StreamBehind(ILogger log, string feed);
}
