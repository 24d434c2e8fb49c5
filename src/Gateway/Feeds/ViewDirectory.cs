using OrleansSync.Grains.Feeds;
using OrleansSync.Protocol;

namespace OrleansSync.Gateway.Feeds;

/// <summary>The views of this gateway: one for all who ask the same of a feed, kept some seconds after the last one left.</summary>
internal sealed class ViewDirectory
{
    /// <summary>Distinct filters and permissions that are asked of every entry; more are refused.</summary>
    private const int MaxViews = 10_000;
    private const int IdleTicks = 10;

    private readonly TailDirectory _tails;
    private readonly Lock _gate = new();
    private readonly Dictionary<FeedIdentity, Entry> _views = [];

    public ViewDirectory(TailDirectory tails)
    {
        _tails = tails;
        tails.SettingsSeen += Learn;
        tails.Ticked += Tick;
    }

    /// <summary>The view of an identity, followed until <see cref="Leave"/>. Throws <see cref="RefusedException"/> (overloaded) and what grain calls throw.</summary>
    public async ValueTask<OpenView> Use(FeedIdentity identity, FeedLens lens, Collection collection)
    {
        Entry entry;
        lock (_gate)
        {
            if (!_views.TryGetValue(identity, out entry!) || entry.View.ResetReason is not null)
            {
                if (_views.Count >= MaxViews)
                    throw new RefusedException(Codes.Overloaded, "Too many different filters are in use here: try again, or use one that others use.");
                if (entry is not null) Close(entry);
                var view = new FeedView(identity, lens, collection);
                _views[identity] = entry = new(view, new(() => Open(view)));
                FeedMetrics.Views.Add(1);
            }
            entry.Users++;
        }
        try
        {
            return new(entry.View, await entry.Opened.Value);
        }
        catch
        {
            lock (_gate)
            {
                entry.Users--;
                if (_views.Remove(identity, out var current))
                {
                    if (current == entry) FeedMetrics.Views.Add(-1);
                    else _views[identity] = current;
                }
            }
            throw;
        }
    }

    public void Leave(FeedView view)
    {
        lock (_gate)
        {
            if (!_views.TryGetValue(view.Identity, out var entry) || entry.View != view) return;
            entry.Users--;
            entry.Idle = 0;
        }
    }

    /// <summary>Settings that somebody has seen; older ones change nothing.</summary>
    public void Learn(Collection collection)
    {
        List<FeedView>? views = null;
        lock (_gate)
        {
            foreach (var (identity, entry) in _views)
                if (identity.Collection == collection.Name && entry.View.Collection.Revision < collection.Revision)
                    (views ??= []).Add(entry.View);
        }
        if (views is null) return;
        foreach (var view in views) view.Learn(collection);
    }

    private async Task<IReadOnlyList<FeedTail>> Open(FeedView view)
    {
        var tails = new List<FeedTail>();
        try
        {
            for (var partition = 0; partition < view.Collection.Settings.Partitions; partition++)
            {
                tails.Add(await _tails.Use(new FeedKey(view.Identity.Collection, partition)));
                tails[partition].Attach(view, partition);
            }
        }
        catch
        {
            foreach (var tail in tails) Part(view, tail);
            throw;
        }
        view.Open();
        return tails;
    }

    private void Tick()
    {
        lock (_gate)
        {
            List<FeedIdentity>? idle = null;
            foreach (var (identity, entry) in _views)
                if (entry.Users == 0 && ++entry.Idle >= IdleTicks) (idle ??= []).Add(identity);
            if (idle is null) return;
            foreach (var identity in idle)
                if (_views.Remove(identity, out var entry)) Close(entry);
        }
    }

    /// <summary>Its users, if it was reset, still hold it: they only read why, and leave.</summary>
    private void Close(Entry entry)
    {
        FeedMetrics.Views.Add(-1);
        if (!entry.Opened.IsValueCreated) return;
        _ = entry.Opened.Value.ContinueWith(
            opened =>
            {
                if (!opened.IsCompletedSuccessfully) return;
                foreach (var tail in opened.Result) Part(entry.View, tail);
            },
            TaskScheduler.Default);
    }

    private void Part(FeedView view, FeedTail tail)
    {
        tail.Detach(view);
        _tails.Leave(tail);
    }

    private sealed class Entry(FeedView view, Lazy<Task<IReadOnlyList<FeedTail>>> opened)
    {
        public FeedView View { get; } = view;

        /// <summary>Begun by the first user, outside the lock: it calls out.</summary>
        public Lazy<Task<IReadOnlyList<FeedTail>>> Opened { get; } = opened;
        public int Users { get; set; }
        public int Idle { get; set; }
    }
}

/// <summary>A view with the tails that it looks at, one for each partition.</summary>
internal readonly record struct OpenView(FeedView View, IReadOnlyList<FeedTail> Tails);
