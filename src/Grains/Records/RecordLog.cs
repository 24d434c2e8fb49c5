using Microsoft.Extensions.Logging;

namespace OrleansSync.Grains.Records;

internal static partial class RecordLog
{
    [LoggerMessage(1, LogLevel.Warning, "The feed did not answer a write to {Record}; it is reloaded.")]
    public static partial void FeedDidNotAnswer(ILogger log, Exception failure, string record);
}
