using Microsoft.AspNetCore.SignalR;
using OrleansSync.Gateway.Access;
using OrleansSync.Gateway.Presence;
using OrleansSync.Gateway.Settings;
using OrleansSync.Protocol;

namespace OrleansSync.Gateway.SignalR;

/// <summary>Who is at the other end of a hub connection, and how much they have open; kept for the life of the connection.</summary>
internal sealed class HubCaller(Caller caller, string? client, LimitSettings limits, TimeProvider clock)
{
    private int _streams;
    private Announcer? _announcer;

    public string? Client => client;

    /// <summary>The caller; throws <see cref="RefusedException"/> (unauthorized) once their token has expired.</summary>
    public Caller Current => caller.Expires is null || clock.GetUtcNow() < caller.Expires
        ? caller
        : throw new RefusedException(Codes.Unauthorized, "The token has expired: connect again with a new one.");

    public static HubCaller Of(HubCallerContext context) => (HubCaller)context.Items[typeof(HubCaller)]!;

    public void Keep(HubCallerContext context) => context.Items[typeof(HubCaller)] = this;

    /// <summary>What the connection announces; there is none until it does.</summary>
    public Announcer Announcer(PresenceGate presence) => LazyInitializer.EnsureInitialized(ref _announcer, presence.NewAnnouncer);

    /// <summary>The connection has gone.</summary>
    public void Close() => Volatile.Read(ref _announcer)?.Close();

    /// <summary>Counts a stream in; throws <see cref="RefusedException"/> (rate-limited) when there are too many.</summary>
    public void OpenStream()
    {
        if (Interlocked.Increment(ref _streams) <= limits.Subscriptions) return;
        CloseStream();
        throw new RefusedException(
            Codes.RateLimited, $"A connection may have {limits.Subscriptions} subscriptions: end another stream first.");
    }

    public void CloseStream() => Interlocked.Decrement(ref _streams);
}
