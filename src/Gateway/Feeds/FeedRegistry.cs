using OrleansSync.Protocol;

namespace OrleansSync.Gateway.Feeds;

/// <summary>Where every transport gets its feeds: finds or makes the tail and the view that a request needs.</summary>
internal sealed class FeedRegistry
{
    /// <summary>
    /// Opens a feed. Throws <see cref="RefusedException"/>: unauthorized, forbidden or unknown-collection where the caller may not read it,
    /// malformed for a since that is no cursor's text, unavailable when the grains do not answer.
    /// </summary>
    public ValueTask<Subscription> Subscribe(FeedRequest request, CancellationToken cancel) => throw new NotSupportedException();

    /// <summary>
    /// One page, as a poll asks for it: at once, or when <paramref name="wait"/> is given, as soon as something concerns the reader and at the
    /// latest then. Throws as <see cref="Subscribe"/> does.
    /// </summary>
    public ValueTask<FeedPage> ReadPage(FeedRequest request, TimeSpan? wait, CancellationToken cancel) => throw new NotSupportedException();
}
