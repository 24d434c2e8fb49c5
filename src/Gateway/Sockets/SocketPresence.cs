using OrleansSync.Gateway.Access;
using OrleansSync.Gateway.Presence;
using OrleansSync.Protocol;

namespace OrleansSync.Gateway.Sockets;

/// <summary>
/// What one socket announces and watches. A watch takes the newest only when the outbox has room: a socket that reads slowly misses what
/// came between, and nothing waits for it. What it announced is taken back when the socket has gone.
/// </summary>
internal sealed class SocketPresence(SocketConnection socket, SocketDoors doors, SocketSubscriptions subscriptions, CancellationToken gone)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<WatchRequest, Watching> _watching = [];
    private Announcer? _announcer;
    private Caller? _caller;

    private Outbox Outbox => socket.Outbox;

    /// <summary>Announces, before the next frame is taken; it is answered when everybody can see it.</summary>
    public async ValueTask Announce(SocketRef to, AnnounceRequest request, Caller caller, string? client)
    {
        socket.InFlight.Enter(1);
        Task told;
        try
        {
            told = await doors.Calls.Presence.Announce(Announcer(), request, caller, client);
        }
        catch (Exception failure)
        {
            told = Task.FromException(failure);
        }
        _ = AnswerAnnounced(to, told);
        await socket.Ready();
    }

    /// <summary>Sends who is there, again at each change, until it is unwatched or may be watched no longer.</summary>
    public void Watch(SocketRef to, WatchRequest request, Caller caller)
    {
        Watching watching;
        lock (_lock)
        {
            _caller ??= caller;
            if (_watching.ContainsKey(request)) throw new RefusedException(Codes.Exists, "This socket watches that already.");
            if (!subscriptions.Reserve())
                throw new RefusedException(Codes.RateLimited, "A socket may have no more subscriptions and watches: end another one first.");
            _watching[request] = watching = new(gone);
        }
        _ = Run(to, request, watching);
    }

    /// <summary>Ends a watch; what is sent of it leaves before the answer.</summary>
    public void Unwatch(SocketRef to, WatchRequest request)
    {
        Watching? watching;
        lock (_lock)
        {
            if (!_watching.Remove(request, out watching)) throw new RefusedException(Codes.NotFound, "This socket does not watch that.");
            watching.Unwatched = to;
        }
        watching.Stop();
    }

    /// <summary>The caller has shown a newer token: what they may know is decided by it from now on.</summary>
    public void Renew(Caller caller)
    {
        lock (_lock) _caller = caller;
    }

    private async Task AnswerAnnounced(SocketRef to, Task told)
    {
        try
        {
            await told;
            Outbox.Announced(to);
        }
        catch (Exception failure)
        {
            Fail(to, failure);
        }
        finally
        {
            socket.InFlight.Leave(1);
        }
    }

    private async Task Run(SocketRef to, WatchRequest request, Watching watching)
    {
        Exception? failure = null;
        try
        {
            await Pump(to, request, watching.Cancel);
        }
        catch (Exception ended)
        {
            failure = ended;
        }
        SocketRef? unwatched;
        lock (_lock)
        {
            unwatched = watching.Unwatched;
            if (unwatched is null) _watching.Remove(request);
        }
        subscriptions.Release();
        watching.Dispose();
        if (unwatched is { } asked) Outbox.Unwatched(asked);
        else if (failure is not null && !gone.IsCancellationRequested) Fail(to, failure);
    }

    private async Task Pump(SocketRef to, WatchRequest request, CancellationToken cancel)
    {
        using var watch = await doors.Calls.Presence.Watch(request, Current, cancel);
        while (true)
        {
            await watch.Wait(cancel);
            if (!await Outbox.Room()) return;
            var people = await watch.Read(cancel);
            cancel.ThrowIfCancellationRequested();
            Outbox.Presence(to, people);
        }
    }

    private Caller Current()
    {
        lock (_lock) return _caller!;
    }

    private Announcer Announcer()
    {
        if (_announcer is { } announcer) return announcer;
        announcer = _announcer = doors.Calls.Presence.NewAnnouncer();
        gone.Register(announcer.Close);
        return announcer;
    }

    private void Fail(SocketRef to, Exception failure)
    {
        var problem = PresenceGate.ProblemOf(failure);
        if (problem.Code == Codes.Internal) doors.Log.RequestFailed(failure);
        Outbox.Problem(to, problem);
    }

    /// <summary>One watch, and how it was asked to end.</summary>
    private sealed class Watching(CancellationToken gone) : IDisposable
    {
        private readonly CancellationTokenSource _stop = CancellationTokenSource.CreateLinkedTokenSource(gone);

        public CancellationToken Cancel => _stop.Token;
        public SocketRef? Unwatched { get; set; }

        public void Stop()
        {
            try
            {
                _stop.Cancel();
            }
            catch (ObjectDisposedException)
            {
                // It ended by itself in the meantime.
            }
        }

        public void Dispose() => _stop.Dispose();
    }
}
