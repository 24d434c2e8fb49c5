namespace OrleansSync.Gateway.Feeds;

/// <summary>
/// A feed read page by page. A poll asks the grains alone: one that is up to date costs one call, and nothing stays behind. A long poll that
/// finds nothing waits as a subscription does.
/// </summary>
internal static class Poll
{
    public static async ValueTask<FeedPage> Read(FeedRegistry registry, AskedFeed asked, CancellationToken cancel)
    {
        if (asked.Reset is { } reason) return ResetPage(asked, reason);
        var reader = new CatchUp(registry.Source, asked.Identity, asked.Lens, asked.Place, asked.Request.Limit);
        var read = await registry.Answered(reader.Read(asked.Head, null, cancel).AsTask(), cancel);
        if (read.Reset is { } late) return ResetPage(asked, late);
        return new()
        {
            Feed = asked.Identity.Feed,
            Since = asked.Since,
            Changes = read.Changes,
            Cursor = FeedCursor.Write(asked.Identity, reader.Place),
            UpToDate = read.AtHead,
        };
    }

    /// <summary>Waits from where an empty page ended; what comes follows that page's since.</summary>
    public static async ValueTask<FeedPage> Wait(
        FeedRegistry registry, FeedRequest request, FeedPage empty, TimeSpan most, CancellationToken cancel)
    {
        await using var subscription = await registry.Subscribe(request with { Since = empty.Cursor }, cancel);
        var over = false;
        await using var timer = registry.Clock.CreateTimer(
            _ =>
            {
                Volatile.Write(ref over, true);
                subscription.Nudge();
            },
            null, most, Timeout.InfiniteTimeSpan);
        while (!Volatile.Read(ref over) && await subscription.WaitToRead(cancel))
            while (subscription.TryRead(out var page))
                if (page.Changes.Count > 0 || page.Reset is not null)
                    return page.From(empty.Since);
        return new() { Feed = empty.Feed, Since = empty.Since, Cursor = subscription.CursorHere, UpToDate = true };
    }

    private static FeedPage ResetPage(AskedFeed asked, string reason)
    {
        FeedMetrics.Resets.Add(1);
        return new() { Feed = asked.Identity.Feed, Since = asked.Since, Cursor = asked.Start, UpToDate = false, Reset = reason };
    }
}
