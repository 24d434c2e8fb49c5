namespace OrleansSync.Gateway.SignalR;

/// <summary>What hub calls leave in the log: failures of the server only, no payloads.</summary>
internal static partial class HubLog
{
    [LoggerMessage(1, LogLevel.Error, "A hub call failed unexpectedly")]
    public static partial void CallFailed(this ILogger log, Exception failure);
}
