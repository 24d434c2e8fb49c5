using OrleansSync.Gateway.Access;
using OrleansSync.Gateway.Feeds;
using OrleansSync.Gateway.Writes;
using OrleansSync.Protocol;

namespace OrleansSync.Gateway.Sockets;

/// <summary>
/// The feeds that one socket listens to. Each is a cursor: it takes pages only while the outbox has room, and then all there are, so a
/// socket that reads slowly gets fewer and larger writes and holds nothing.
/// </summary>
internal sealed class SocketSubscriptions(Outbox outbox, FeedRegistry feeds, int limit, CancellationToken gone)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, Listening> _listening = [];
    private Caller? _caller;
    private int _count;

    /// <summary>Opens a feed and sends its pages until it is unsubscribed or ends. Never throws.</summary>
    public async Task Subscribe(SocketRef to, FeedRequest request)
    {
        if (!Reserve())
        {
            outbox.Problem(to, new(Codes.RateLimited, $"A socket may have {limit} subscriptions: unsubscribe from another feed first."));
            return;
        }
        try
        {
            await using var subscription = await feeds.Subscribe(request with { Caller = Lasting(request.Caller) }, gone);
            await Listen(to, subscription);
        }
        catch (Exception) when (gone.IsCancellationRequested)
        {
            // Nobody is there to be told.
        }
        catch (Exception failure)
        {
            outbox.Problem(to, GrainFailure.ProblemOf(failure));
        }
        finally
        {
            Release();
        }
    }

    /// <summary>Ends a feed; what is sent of it leaves before the answer.</summary>
    public void Unsubscribe(SocketRef to, string feed)
    {
        Listening? listening;
        lock (_lock)
        {
            if (_listening.TryGetValue(feed, out listening) && !listening.Ended) listening.End(to);
            else listening = null;
        }
        if (listening is null) outbox.Problem(to, new(Codes.NotFound, "This socket is not subscribed to that feed."));
        else listening.Stop();
    }

    /// <summary>The caller has shown a newer token: what they may see is decided by it from now on.</summary>
    public void Renew(Caller caller)
    {
        lock (_lock)
        {
            _caller = Lasting(caller);
            foreach (var listening in _listening.Values) listening.Subscription.Renew(_caller);
        }
    }

    /// <summary>The socket itself ends with its token, which may be renewed in between.</summary>
    private static Caller Lasting(Caller caller) => caller with { Expires = null };

    /// <summary>Counts one more in; false when there are as many as a socket may have.</summary>
    public bool Reserve()
    {
        if (Interlocked.Increment(ref _count) <= limit) return true;
        Release();
        return false;
    }

    public void Release() => Interlocked.Decrement(ref _count);

    private async Task Listen(SocketRef to, Subscription subscription)
    {
        using var listening = new Listening(subscription, gone);
        lock (_lock)
        {
            if (!_listening.TryAdd(subscription.Feed, listening))
                throw new RefusedException(Codes.Exists, "This socket is subscribed to that feed already.");
            // It may have been renewed while the feed was being opened.
            if (_caller is not null) subscription.Renew(_caller);
        }
        outbox.Subscribed(to, subscription.Feed);
        var end = await Pump(subscription, listening);
        lock (_lock) _listening.Remove(subscription.Feed);

        if (listening.Unsubscribed is { } asked) outbox.Unsubscribed(asked);
        else if (end is not null) outbox.Problem(default, end, subscription.Feed);
    }

    /// <summary>Null = nobody needs to be told why it ended.</summary>
    private async ValueTask<Problem?> Pump(Subscription subscription, Listening listening)
    {
        try
        {
            while (await subscription.WaitToRead(listening.Cancel))
            {
                if (!await outbox.Room()) return null;
                while (!listening.Ended && subscription.TryRead(out var page))
                {
                    outbox.Add(page.Frame);
                    if (outbox.Pending < Outbox.RoomBytes) continue;
                    outbox.Flush();
                    if (!await outbox.Room()) return null;
                }
                outbox.Flush();
                if (listening.Ended) return null;
            }
            return subscription.End;
        }
        catch (OperationCanceledException)
        {
            return null;
        }
        catch (Exception failure)
        {
            return GrainFailure.ProblemOf(failure);
        }
    }

    /// <summary>One feed that is listened to, and how it was asked to end.</summary>
    private sealed class Listening(Subscription subscription, CancellationToken gone) : IDisposable
    {
        private readonly CancellationTokenSource _stop = CancellationTokenSource.CreateLinkedTokenSource(gone);
        private volatile bool _ended;

        public bool Ended => _ended;
        public CancellationToken Cancel => _stop.Token;
        public SocketRef? Unsubscribed { get; private set; }
        public Subscription Subscription => subscription;

        public void End(SocketRef unsubscribed)
        {
            Unsubscribed = unsubscribed;
            _ended = true;
        }

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
