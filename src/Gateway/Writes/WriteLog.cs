namespace OrleansSync.Gateway.Writes;

/// <summary>What writes leave in the log: failures only, no payloads.</summary>
internal static partial class WriteLog
{
    [LoggerMessage(1, LogLevel.Error, "A write to collection {Collection} failed unexpectedly")]
    public static partial void WriteFailed(this ILogger log, Exception failure, string collection);
}
