using OrleansSync.Gateway.Access;
using OrleansSync.Gateway.Feeds;
using OrleansSync.Gateway.Settings;

namespace OrleansSync.Gateway.Sockets;

/// <summary>What every socket asks of the gateway.</summary>
internal sealed record SocketDoors(
    Calls Calls, FeedRegistry Feeds, CallerReader Callers, ServerSettings Settings, TimeProvider Clock, ILogger<SocketConnection> Log);
