using System.Collections.Concurrent;
using OrleansSync.Gateway.Settings;
using OrleansSync.Protocol;

namespace OrleansSync.Gateway.Sockets;

/// <summary>All sockets of this process: one clock for their heartbeats and deadlines, and the word to all when the server stops.</summary>
internal sealed class OpenSockets : IDisposable
{
    private static readonly TimeSpan TickLength = TimeSpan.FromSeconds(1);

    /// <summary>How long answers under way may take once the server stops.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);

    private readonly ConcurrentDictionary<SocketConnection, byte> _open = new();
    private readonly TimeProvider _clock;
    private readonly int _limit;
    private readonly ITimer _timer;
    private readonly CancellationTokenRegistration _stopping;
    private int _count;
    private int _ticking;
    private volatile bool _stopped;

    public OpenSockets(ServerSettings settings, TimeProvider clock, IHostApplicationLifetime lifetime)
    {
        _clock = clock;
        _limit = settings.Limits.Connections;
        _timer = clock.CreateTimer(_ => Tick(), null, TickLength, TickLength);
        _stopping = lifetime.ApplicationStopping.Register(Stop);
    }

    public int Count => Volatile.Read(ref _count);

    /// <summary>Runs a socket to its end.</summary>
    public async Task Run(SocketConnection socket)
    {
        var tooMany = Interlocked.Increment(ref _count) > _limit;
        _open.TryAdd(socket, 0);
        try
        {
            if (tooMany)
                socket.Close(CloseCode.TooMany, "too many", new(Codes.RateLimited, "This server has as many connections as it takes: come back later."));
            if (_stopped) socket.Close(CloseCode.Restarting, "restarting");
            await socket.Run();
        }
        finally
        {
            _open.TryRemove(socket, out _);
            Interlocked.Decrement(ref _count);
        }
    }

    public void Dispose()
    {
        _timer.Dispose();
        _stopping.Dispose();
    }

    private void Tick()
    {
        // A tick that takes longer than a tick is not joined by the next.
        if (Interlocked.Exchange(ref _ticking, 1) == 1) return;
        var now = _clock.GetUtcNow();
        var heartbeat = SocketReplies.Heartbeat(new Timestamp(now.UtcTicks));
        foreach (var (socket, _) in _open) socket.Tick(now, heartbeat);
        Volatile.Write(ref _ticking, 0);
    }

    private void Stop()
    {
        _stopped = true;
        foreach (var (socket, _) in _open) _ = socket.Restart(Patience);
    }
}
