using System.Runtime.CompilerServices;
using OrleansSync.Protocol;

namespace OrleansSync.Gateway.Feeds;

/// <summary>
/// A cursor over a feed, the same for every transport: pages from the store while it is behind, the shared live pages once it keeps up.
/// For one reader at a time. The first page is readable at once, even if it is empty. Nothing is queued for it: who stops reading falls
/// behind and comes back by cursor.
/// </summary>
internal sealed class Subscription : IAsyncDisposable
{
    /// <summary>The name of the feed; stays the same for the life of the subscription.</summary>
    public string Feed => throw new NotSupportedException();

    /// <summary>Why there will be no more pages (token expired, access lost); null while it goes on.</summary>
    public Problem? End => throw new NotSupportedException();

    /// <summary>Takes the next page if it is at hand. Never waits, costs no allocation.</summary>
    public bool TryRead(out FeedPage page) => throw new NotSupportedException();

    /// <summary>
    /// True when <see cref="TryRead"/> has a page; false when the subscription has ended, see <see cref="End"/>.
    /// Throws OperationCanceledException, or <see cref="RefusedException"/> (unavailable) when the grains do not answer for long.
    /// </summary>
    public ValueTask<bool> WaitToRead(CancellationToken cancel) => throw new NotSupportedException();

    /// <summary>Every page until it is cancelled; at the end throws <see cref="RefusedException"/> with <see cref="End"/>.</summary>
    public async IAsyncEnumerable<FeedPage> ReadAll([EnumeratorCancellation] CancellationToken cancel)
    {
        while (await WaitToRead(cancel))
            while (TryRead(out var page))
                yield return page;
        if (End is { } end) throw new RefusedException(end);
    }

    public ValueTask DisposeAsync() => throw new NotSupportedException();
}
