using Microsoft.Extensions.Logging.Abstractions;
using OrleansSync.Grains.Feeds;
using OrleansSync.Protocol;

namespace OrleansSync.Gateway.Feeds;

/// <summary>
/// A feed partition as this gateway follows it: the newest entries, and the views that look at them. The stream only says that there is
/// more; what is right, the grain says: at every gap, and once a second whatever the stream says.
/// </summary>
internal sealed class FeedTail : IAsyncDisposable
{
    private const int SliceLimit = 1000;
    private static readonly TimeSpan DirectPeriod = TimeSpan.FromMilliseconds(75);

    private readonly IFeedSource _source;
    private readonly TimeProvider _clock;
    private readonly Action<Collection> _settings;
    private readonly ILogger _log;
    private readonly TailStream _stream;
    private readonly Lock _gate = new();
    private readonly List<(FeedView View, int Partition)> _views = [];
    private readonly CancellationTokenSource _stopping = new();
    private FeedPlace _place = new("", 0, 0);
    private string _life = "";
    private long _head;
    private bool _complete = true;
    private long _blur;
    private Task? _reading;
    private volatile bool _missing;
    private int _looks;
    private int _direct;
    private int _wentBack;

    /// <param name="settings">Told the collection's settings at every look.</param>
    public FeedTail(FeedKey key, IFeedSource source, TimeProvider clock, Action<Collection> settings, ILogger? log = null)
    {
        (Key, _source, _clock, _settings, _log) = (key, source, clock, settings, log ?? NullLogger.Instance);
        _stream = new TailStream(key, source, Arrived);
    }

    public FeedKey Key { get; }

    public FeedRing Ring { get; } = new();

    /// <summary>Everything up to this place is known here.</summary>
    public long Head => Interlocked.Read(ref _head);

    /// <summary>Finds the head and begins to follow. The stream is set up meanwhile; until it is there the tail reads by itself.</summary>
    public async Task Start()
    {
        var state = await _source.ReadState(Key);
        lock (_gate) Begin(state.Place);
        FeedMetrics.Tails.Add(1);
        _settings(state.Collection);
        _ = FollowStream();
        ReadDirectly();
    }

    /// <summary>Lets a view see every advance from here on, and tells it where that is.</summary>
    public void Attach(FeedView view, int partition)
    {
        lock (_gate)
        {
            _views.Add((view, partition));
            view.Begin(partition, MarkAt(Head), _complete);
        }
    }

    public void Detach(FeedView view)
    {
        lock (_gate) _views.RemoveAll(seen => seen.View == view);
    }

    /// <summary>Completes when everything up to a place, which some grain has named, is known here.</summary>
    public async Task Reach(long place)
    {
        while (Head < place && !_stopping.IsCancellationRequested) await ReadOn();
    }

    /// <summary>Asks where the feed stands and reads what is missing here. Called once a second; never throws.</summary>
    public async Task Look()
    {
        // One at a time. The one under way may have asked before the latest write: for all who came meanwhile there is one more, not none.
        if (Interlocked.Increment(ref _looks) > 1) return;
        int wanted;
        do
        {
            wanted = Volatile.Read(ref _looks);
            await LookOnce();
        }
        while (Interlocked.Add(ref _looks, -wanted) > 0 && !_stopping.IsCancellationRequested);
    }

    private async Task LookOnce()
    {
        try
        {
            var known = Head;
            var state = await _source.ReadState(Key);
            _settings(state.Collection);
            if (HasRestarted(state.Place, known)) Restart(state.Place, ResetReasons.UnknownCursor);
            else if (state.Place.Head > Head) await ReadOn();
            if (_stream.Judge(state.Place.Head)) await RenewStream();
        }
        catch (Exception failure)
        {
            FeedLog.LookFailed(_log, Key.ToString(), failure);
        }
    }

    /// <summary>Another incarnation, or, twice in a row, an older head than was known: the database was restored.</summary>
    private bool HasRestarted(FeedPlace place, long known)
    {
        if (known == 0) return false;
        if (place.Incarnation != _place.Incarnation) return true;
        _wentBack = place.Head < known ? _wentBack + 1 : 0;
        return _wentBack >= 2;
    }

    private void Restart(FeedPlace place, string reason)
    {
        lock (_gate)
        {
            Begin(place);
            foreach (var (view, _) in _views) view.Reset(reason);
        }
    }

    private void Begin(FeedPlace place)
    {
        _wentBack = 0;
        _blur = 0;
        (_place, _life, _complete) = (place, FeedIdentity.LifeOf(place.Incarnation), true);
        Interlocked.Exchange(ref _head, place.Head);
        Ring.Clear(place.Head);
    }

    /// <summary>Reads the grain, at least once from now on, until nothing is missing. Everybody who asks meanwhile shares it.</summary>
    private Task ReadOn()
    {
        lock (_gate)
        {
            _missing = true;
            return _reading ??= ReadMissing();
        }
    }

    private async Task ReadMissing()
    {
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        try
        {
            while (IsMissing())
            {
                var slice = await _source.ReadAfter(Key, Head, SliceLimit);
                TakeIn(slice);
                if (slice.UpTo < slice.Head.Head) _missing = true;
            }
        }
        catch
        {
            lock (_gate) _reading = null;
            throw;
        }
    }

    /// <summary>Takes the wish to read. When there is none the reading is over, and whoever asks next begins another.</summary>
    private bool IsMissing()
    {
        lock (_gate)
        {
            var missing = _missing && !_stopping.IsCancellationRequested;
            _missing = false;
            if (!missing) _reading = null;
            return missing;
        }
    }

    private void TakeIn(FeedSlice slice)
    {
        lock (_gate)
        {
            if (Head == 0) (_place, _life) = (slice.Head, FeedIdentity.LifeOf(slice.Head.Incarnation));
            else if (slice.Head.Incarnation != _place.Incarnation)
            {
                Restart(slice.Head, ResetReasons.UnknownCursor);
                return;
            }
            var news = new List<EncodedEntry>(slice.Entries.Count);
            var whole = true;
            foreach (var entry in slice.Entries)
            {
                whole &= entry.KnowsBefore;
                if (entry.Seq > Head) news.Add(new(entry, entry.Seq <= _blur));
            }
            // Only the latest version of each record came: until this head is reached, more of them were skipped.
            if (!whole) _blur = Math.Max(_blur, slice.Head.Head);
            // Cut off for longer than tombstones are kept: what was deleted meanwhile can no longer be told.
            if (!whole && Head > 0 && Head < slice.Head.Floor)
            {
                Restart(slice.Head, ResetReasons.Retention);
                return;
            }
            var atHead = slice.UpTo >= slice.Head.Head;
            if (slice.UpTo > Head || (atHead && !_complete)) Advance(news, Math.Max(slice.UpTo, Head), atHead || (_complete && whole));
        }
    }

    /// <summary>What the stream brought. Places are dense while one owner gives them, so a missing one shows.</summary>
    private void Arrived(IReadOnlyList<FeedEntry> entries)
    {
        var gap = false;
        lock (_gate)
        {
            var next = Head;
            List<EncodedEntry>? news = null;
            foreach (var entry in entries)
            {
                if (entry.Seq <= next) continue;
                // The first entry of all comes with a life that only the grain can name.
                gap = next == 0 || entry.Seq != next + 1;
                if (gap) break;
                (news ??= new(entries.Count)).Add(new(entry, entry.Seq <= _blur));
                next = entry.Seq;
            }
            if (news is not null) Advance(news, next, _complete);
        }
        if (!gap) return;
        FeedMetrics.StreamGaps.Add(1);
        _ = Quietly(ReadOn());
    }

    private void Advance(List<EncodedEntry> news, long upTo, bool complete)
    {
        Ring.Add(news);
        _complete = complete;
        FeedMetrics.Entries.Add(news.Count);
        foreach (var (view, partition) in _views) view.Advance(partition, MarkAt(upTo), news, complete);
        // Last: whoever waits for this place finds that the views have it too.
        Interlocked.Exchange(ref _head, upTo);
    }

    /// <summary>With the blur as it is, for places on the way to this one are marked by it too.</summary>
    private FeedPosition.Mark MarkAt(long place) => new(_life, place, Blur: _blur);

    private async Task FollowStream()
    {
        await Quietly(_stream.Renew());
        _stream.Trust(Head);
        await Look();
    }

    private async Task RenewStream()
    {
        FeedLog.StreamBehind(_log, Key.ToString());
        ReadDirectly();
        await Quietly(_stream.Renew());
    }

    /// <summary>While the stream is silent the grain is asked many times a second, so that readers hardly notice.</summary>
    private async void ReadDirectly()
    {
        if (Interlocked.Exchange(ref _direct, 1) == 1) return;
        while (_stream.IsSilent && !_stopping.IsCancellationRequested)
        {
            await Task.Delay(DirectPeriod, _clock, _stopping.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (!_stopping.IsCancellationRequested) await Quietly(ReadOn());
        }
        Volatile.Write(ref _direct, 0);
    }

    private async Task Quietly(Task task)
    {
        try
        {
            await task;
        }
        catch (Exception failure)
        {
            FeedLog.ReadFailed(_log, Key.ToString(), failure);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await Quietly(_stream.DisposeAsync().AsTask());
        FeedMetrics.Tails.Add(-1);
    }
}
