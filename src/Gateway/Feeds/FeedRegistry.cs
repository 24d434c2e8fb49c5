using OrleansSync.Gateway.Access;
using OrleansSync.Gateway.Settings;
using OrleansSync.Gateway.Writes;
using OrleansSync.Grains.Feeds;
using OrleansSync.Protocol;

namespace OrleansSync.Gateway.Feeds;

/// <summary>Where every transport gets its feeds: checks who asks, and opens what they ask for.</summary>
internal sealed class FeedRegistry(
    IFeedSource source, AccessRules access, ServerSettings settings, TimeProvider clock, ILoggerFactory logs) : IAsyncDisposable
{
    private readonly TailDirectory _tails = new(source, clock, logs);
    private ViewDirectory? _views;

    /// <summary>The most changes that a page may be asked to have.</summary>
    public int MostChanges { get; } = settings.Limits.Changes is > 0 and < FeedRequest.MaxLimit ? settings.Limits.Changes : FeedRequest.MaxLimit;

    internal IFeedSource Source => source;

    internal TimeProvider Clock => clock;

    internal ViewDirectory Views => _views ?? LazyInitializer.EnsureInitialized(ref _views, () => new ViewDirectory(_tails));

    /// <summary>
    /// Opens a feed. Throws <see cref="RefusedException"/>: unauthorized, forbidden or unknown-collection where the caller may not read it,
    /// malformed for a since that is no cursor's text, unavailable when the grains do not answer.
    /// </summary>
    public async ValueTask<Subscription> Subscribe(FeedRequest request, CancellationToken cancel)
    {
        var asked = await Ask(request, null, cancel);
        return new Subscription(this, asked, await Open(asked, cancel));
    }

    /// <summary>
    /// One page, as a poll asks for it: at once, or when <paramref name="wait"/> is given, as soon as something concerns the reader and at the
    /// latest then. Throws as <see cref="Subscribe"/> does.
    /// </summary>
    public async ValueTask<FeedPage> ReadPage(FeedRequest request, TimeSpan? wait, CancellationToken cancel)
    {
        var page = await Poll.Read(this, await Ask(request, null, cancel), cancel);
        if (wait is not { } most || page.Changes.Count > 0 || !page.UpToDate || page.Reset is not null) return page;
        return await Poll.Wait(this, request, page, most, cancel);
    }

    /// <summary>Settings that this gateway has just seen, so that they hold for open feeds at once and not within a second.</summary>
    public void Learn(Collection collection) => Views.Learn(collection);

    /// <summary>Who asks for what, held against the settings as they are now.</summary>
    internal async ValueTask<AskedFeed> Ask(FeedRequest request, string? feed, CancellationToken cancel)
    {
        if (request.Since is { } since) FeedCursor.Check(since);
        var first = await Answered(source.ReadState(new(request.Collection, 0)), cancel);
        var collection = first.Collection;
        if (MayRead(request.Caller, collection) is { } refusal) throw new RefusedException(refusal);
        if (collection.Revision == 0 && !settings.CreateOnWrite) throw new RefusedException(WriteGate.UnknownCollection(request.Collection));

        FeedPlace[] heads = [first.Place];
        if (collection.Settings.Partitions is > 1 and var count)
        {
            var others = Enumerable.Range(1, count - 1).Select(partition => source.ReadState(new(request.Collection, partition)));
            heads = [first.Place, .. (await Answered(Task.WhenAll(others), cancel)).Select(state => state.Place)];
        }
        return AskedFeed.Of(request with { Limit = Math.Min(request.Limit, MostChanges) }, collection, heads, feed);
    }

    /// <summary>The view, brought up to where the feed stood when it was asked for: what was answered before is in the first page.</summary>
    internal async ValueTask<OpenView> Open(AskedFeed asked, CancellationToken cancel)
    {
        var opened = await Answered(Views.Use(asked.Identity, asked.Lens, asked.Collection).AsTask(), cancel);
        try
        {
            for (var partition = 0; partition < opened.Tails.Count; partition++)
                await Answered(opened.Tails[partition].Reach(asked.Heads[partition].Head), cancel);
            return opened;
        }
        catch
        {
            Views.Leave(opened.View);
            throw;
        }
    }

    internal Problem? MayRead(Caller caller, Collection collection) =>
        caller.Expires is { } expires && expires <= clock.GetUtcNow() ? Subscription.Expired : access.Read(caller, collection.Settings);

    internal async Task<T> Answered<T>(Task<T> call, CancellationToken cancel)
    {
        await Answered((Task)call, cancel);
        return await call;
    }

    private async Task Answered(Task call, CancellationToken cancel)
    {
        try
        {
            await call.WaitAsync(cancel);
        }
        catch (Exception failure) when (GrainFailure.IsTransport(failure) && !cancel.IsCancellationRequested)
        {
            throw new RefusedException(Unavailable);
        }
    }

    internal static readonly Problem Unavailable = new(Codes.Unavailable, "The feed cannot be read at the moment: go on from your cursor a little later.");

    public ValueTask DisposeAsync() => _tails.DisposeAsync();
}
