using Microsoft.Extensions.Logging;

namespace OrleansSync.Grains.Records;

internal static partial class RecordLog
{
    [LoggerMessage(1, LogLevel.Warning, "The feed did not answer a write to {Record}; it is reloaded.")]
    public static partial void FeedDidNotAnswer(ILogger log, Exception failure, string record);

    [LoggerMessage(2, LogLevel.Warning, "Conflicts that are due could not all be settled; the next look comes in a minute.")]
    public static partial void NotSettled(ILogger log, Exception failure);
}
