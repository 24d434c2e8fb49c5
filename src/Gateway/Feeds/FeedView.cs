using OrleansSync.Protocol;

namespace OrleansSync.Gateway.Feeds;

/// <summary>
/// A feed through one filter and one owner rule: asked once for each entry, whatever the number of subscribers, and each page built once for all
/// who keep up. The newest pages are a chain that readers walk by themselves; who is overtaken by its end comes back by cursor.
/// </summary>
internal sealed class FeedView
{
    private const int MaxPages = 1024;
    private const long MaxBytes = 16 * 1024 * 1024;

    /// <summary>After so many entries that concern nobody an empty page moves the cursor, or resuming would mean reading them all again.</summary>
    private const int MaxSkipped = FeedRing.MaxEntries / 2;

    private readonly Lock _gate = new();
    private readonly WaiterList _waiters = new();
    private readonly bool[] _complete;
    private FeedPosition _seen;
    private FeedPosition _published;
    private FeedPage _oldest = null!;
    private FeedPage _newest = null!;
    private Collection _collection;
    private int _pages;
    private long _bytes;
    private int _skipped;
    private volatile string? _resetReason;

    public FeedView(FeedIdentity identity, FeedLens lens, Collection collection)
    {
        (Identity, Lens, _collection) = (identity, lens, collection);
        _complete = new bool[collection.Settings.Partitions];
        _seen = _published = FeedPosition.Start(_complete.Length);
    }

    public FeedIdentity Identity { get; }

    public FeedLens Lens { get; }

    /// <summary>The settings as last seen; another instance whenever they changed.</summary>
    public Collection Collection => Volatile.Read(ref _collection);

    /// <summary>Why nobody may go on from here; null while the view is good.</summary>
    public string? ResetReason => _resetReason;

    /// <summary>Where a tail stands when the view is attached to it.</summary>
    public void Begin(int partition, FeedPosition.Mark mark, bool complete)
    {
        lock (_gate)
        {
            _complete[partition] = complete;
            _seen = _seen.With(partition, mark.At(mark.Seq));
        }
    }

    /// <summary>All tails are attached: the chain of pages begins here.</summary>
    public void Open()
    {
        lock (_gate)
        {
            _published = _seen;
            var cursor = FeedCursor.Write(Identity, _published);
            _oldest = _newest = new FeedPage { Feed = Identity.Feed, Since = cursor, Cursor = cursor, UpToDate = IsComplete };
        }
    }

    /// <summary>A tail moved on to a place. One call at a time for each partition.</summary>
    public void Advance(int partition, FeedPosition.Mark mark, IReadOnlyList<EncodedEntry> entries, bool complete)
    {
        if (_resetReason is not null) return;
        var draft = new PageDraft(FeedRequest.MaxLimit);
        var skipped = 0;
        foreach (var entry in entries)
        {
            var sight = Lens.See(entry.Entry, fresh: false, entry.Blurred);
            if (sight == Sight.Doubt)
            {
                Reset(ResetReasons.Access);
                return;
            }
            if (sight == Sight.Nothing) skipped++;
            else draft.Add(entry.As(sight));
            // The rest of the run is owed: until it is there no page of another partition is up to date either.
            if (draft.IsFull && entry.Seq < mark.Seq) Move(partition, mark.At(entry.Seq), draft.Take(), 0, complete: false);
        }
        Move(partition, mark.At(mark.Seq), draft.Take(), skipped, complete);
        Wake();
    }

    private void Move(int partition, FeedPosition.Mark mark, FeedChange[] changes, int skipped, bool complete)
    {
        lock (_gate)
        {
            _complete[partition] = complete;
            _skipped += skipped;
            _seen = _seen.With(partition, mark);
            if (_newest is null) return;
            var upToDate = IsComplete;
            if (changes.Length > 0 || _skipped >= MaxSkipped || (upToDate && !_newest.UpToDate)) Publish(changes, upToDate);
        }
    }

    private void Publish(FeedChange[] changes, bool upToDate)
    {
        var page = new FeedPage
        {
            Feed = Identity.Feed,
            Since = _newest.Cursor,
            Changes = changes,
            Cursor = FeedCursor.Write(Identity, _seen),
            UpToDate = upToDate,
        };
        (_published, _skipped) = (_seen, 0);
        _newest.Next = page;
        _newest = page;
        _pages++;
        _bytes += page.Bytes;
        FeedMetrics.Pages.Add(1);
        while ((_pages > MaxPages || _bytes > MaxBytes) && _oldest != _newest) DropOldest();
    }

    /// <summary>Whoever stands at the dropped page has fallen behind; keeping the chain for them would keep it all.</summary>
    private void DropOldest()
    {
        var next = _oldest.Next!;
        _oldest.Next = FeedPage.Gone;
        _oldest = next;
        _pages--;
        _bytes -= next.Bytes;
    }

    private bool IsComplete => Array.TrueForAll(_complete, whole => whole);

    /// <summary>
    /// Where a reader at a place goes on. <see cref="Joining.Live"/>: from <paramref name="newest"/> along the chain.
    /// <see cref="Joining.Behind"/>: by reading up to <paramref name="target"/> first. <see cref="Joining.Ahead"/>: the view must catch up first.
    /// </summary>
    public Joining Join(FeedPosition place, out FeedPage newest, out FeedPosition target)
    {
        lock (_gate)
        {
            (newest, target) = (_newest, _published);
            if (!place.Covers(_published)) return Joining.Behind;
            return _seen.Covers(place) ? Joining.Live : Joining.Ahead;
        }
    }

    /// <summary>The place up to which nothing more concerns a reader who has taken this page; null when there is more.</summary>
    public string? CursorBeyond(FeedPage page)
    {
        lock (_gate) return page == _newest && _resetReason is null ? FeedCursor.Write(Identity, _seen) : null;
    }

    /// <summary>False when there is a reason not to wait.</summary>
    public bool TryWait(Subscription waiter)
    {
        lock (_gate)
        {
            if (MustWake(waiter)) return false;
            _waiters.Add(waiter);
            return true;
        }
    }

    public void Forget(Subscription waiter)
    {
        lock (_gate) _waiters.Remove(waiter);
    }

    /// <summary>The settings as a tail has just seen them.</summary>
    public void Learn(Collection collection)
    {
        lock (_gate)
        {
            if (collection.Revision <= _collection.Revision) return;
            Volatile.Write(ref _collection, collection);
            if (FeedIdentity.StampOf(collection.Settings) != Identity.Stamp) _resetReason ??= ResetReasons.Settings;
        }
        Wake();
    }

    /// <summary>Everybody must start again, in another view.</summary>
    public void Reset(string reason)
    {
        lock (_gate) _resetReason ??= reason;
        Wake();
    }

    /// <summary>Wakes in the order of waiting, and stops at the first who has nothing to wake for: those behind came later.</summary>
    private void Wake()
    {
        while (true)
        {
            lock (_gate)
            {
                if (_waiters.First is not { } first || !MustWake(first)) return;
                _waiters.Remove(first);
                // Under the lock: later it could end the next wait of somebody whom a signal woke meanwhile, and who is on the list again.
                first.Wake();
            }
        }
    }

    private bool MustWake(Subscription waiter) =>
        _resetReason is not null || waiter.At != _newest || waiter.Known != _collection;
}

/// <summary>How a reader's place lies to a view.</summary>
internal enum Joining : byte { Live, Behind, Ahead }
