namespace OrleansSync.Gateway.Sockets;

/// <summary>What sockets leave in the log: failures of the server only, no payloads.</summary>
internal static partial class SocketLog
{
    [LoggerMessage(1, LogLevel.Error, "A request of a socket failed unexpectedly")]
    public static partial void RequestFailed(this ILogger log, Exception failure);
}
