namespace OrleansSync.Gateway.Presence;

/// <summary>What presence leaves in the log: once for each outage, no payloads.</summary>
internal static partial class PresenceLog
{
    [LoggerMessage(1, LogLevel.Warning, "The presence of {Collection} cannot be reached: going on trying")]
    public static partial void OutOfReach(this ILogger log, string collection, Exception failure);
}
