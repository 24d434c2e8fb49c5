using Microsoft.Extensions.Logging;

namespace OrleansSync.Grains.Records;

internal static partial class RecordLog
{
    [LoggerMessage(1, LogLevel.Warning, "The feed did not answer a write to {Record}; it is reloaded.")]
    public static partial void FeedDidNotAnswer(ILogger log, Exception failure, string record);

    [LoggerMessage(2, LogLevel.Warning, "Conflicts that are due could not all be settled; the next look comes in a minute.")]
    public static partial void NotSettled(ILogger log, Exception failure);

    [LoggerMessage(3, LogLevel.Error, "A write to {Record} changed nothing: the custom policy that was to decide over it failed.")]
    public static partial void PolicyFailed(ILogger log, Exception failure, string record);
}
