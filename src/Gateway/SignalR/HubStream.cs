using OrleansSync.Gateway.Feeds;
using OrleansSync.Protocol;

namespace OrleansSync.Gateway.SignalR;

/// <summary>A subscription as a hub stream reads it: page by page, with an empty one when it was quiet, so that both ends know the other is there.</summary>
internal sealed class HubStream(Subscription subscription, HubCaller who) : IAsyncDisposable
{
    private Task<bool>? _waiting;
    private FeedPage? _last;

    /// <summary>The next page; throws <see cref="RefusedException"/> when there will be none.</summary>
    public async ValueTask<FeedPage> Next(TimeSpan quiet, TimeProvider clock, CancellationToken cancel)
    {
        while (true)
        {
            if (_waiting is null && subscription.TryRead(out var page)) return _last = page;

            // One wait goes on across quiet times: nothing that comes meanwhile is missed, and nothing is cancelled.
            _waiting ??= subscription.WaitToRead(cancel).AsTask();
            await ((Task)_waiting).WaitAsync(quiet, clock, cancel).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (!_waiting.IsCompleted)
            {
                cancel.ThrowIfCancellationRequested();
                if (_last is not null) return _last = EmptyAfter(_last);
                continue;
            }
            var more = await _waiting;
            _waiting = null;
            if (!more) throw new RefusedException(subscription.End ?? new(Codes.Unavailable, "The feed has ended: subscribe again from your cursor."));
        }
    }

    public async ValueTask DisposeAsync()
    {
        who.CloseStream();
        await subscription.DisposeAsync();
    }

    private static FeedPage EmptyAfter(FeedPage last) =>
        new() { Feed = last.Feed, Since = last.Cursor, Cursor = last.Cursor, UpToDate = last.UpToDate };
}
