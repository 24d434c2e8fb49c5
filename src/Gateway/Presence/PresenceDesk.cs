using OrleansSync.Gateway.Writes;
using OrleansSync.Grains.Presence;

namespace OrleansSync.Gateway.Presence;

/// <summary>
/// One collection's presence as this gateway keeps it while somebody here watches or announces: who is there, as the grain said it, and what
/// this gateway's own connections announce. It follows the grain by asking, one question after the other: nothing can be lost or overtaken.
/// </summary>
internal sealed class PresenceDesk
{
    /// <summary>Changes that come faster are told together.</summary>
    private static readonly TimeSpan LeastPace = TimeSpan.FromMilliseconds(20);

    /// <summary>Where very many are there, telling takes its time, and so the next change waits for more of them.</summary>
    private const int PeoplePerMillisecond = 50;

    /// <summary>How long gateways may take to notice that the grain has forgotten everything, and to announce again.</summary>
    private static readonly TimeSpan MemoryLength = TimeSpan.FromSeconds(3);

    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan LongestPause = TimeSpan.FromMilliseconds(500);

    private readonly string _gateway;
    private readonly IPresenceGrain _grain;
    private readonly TimeProvider _clock;
    private readonly ILogger _log;
    private readonly CancellationTokenSource _ended = new();
    private readonly OwnAnnouncements _own;
    private readonly Lock _gate = new();
    private readonly PeopleBoard _board = new();
    private readonly PresenceView _everybody = new(null);
    private readonly Dictionary<string, PresenceView> _views = [];
    private long _remembersSince;
    private long _calls;

    public PresenceDesk(string collection, string gateway, IPresenceGrain grain, TimeProvider clock, ILogger log)
    {
        (Collection, _gateway, _grain, _clock, _log) = (collection, gateway, grain, clock, log);
        _own = new(Tell, () => Pace, clock, _ended.Token);
    }

    public string Collection { get; }

    /// <summary>Who holds it at the moment; counted by the directory of desks.</summary>
    public int Users { get; set; }

    /// <summary>Ticks since it was of use.</summary>
    public int Idle { get; set; }

    /// <summary>True while nothing is announced by this gateway's connections.</summary>
    public bool IsSilent => _own.IsEmpty;

    private PresencePlace Place
    {
        get
        {
            lock (_gate) return _board.Place;
        }
    }

    private TimeSpan Pace
    {
        get
        {
            lock (_gate) return TimeSpan.FromMilliseconds(Math.Max(LeastPace.TotalMilliseconds, _board.Count / PeoplePerMillisecond));
        }
    }

    /// <summary>Follows the grain until <paramref name="stop"/> or <see cref="End"/>. Never throws.</summary>
    public async Task Follow(CancellationToken stop)
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(stop, _ended.Token);
        var pause = FirstPause;
        while (!end.IsCancellationRequested)
        {
            var wait = TimeSpan.Zero;
            try
            {
                var slice = await _grain.Follow(Place);
                Apply(slice);
                if (slice.Changes.Count > 0) wait = Pace;
                pause = FirstPause;
            }
            catch (Exception failure)
            {
                if (pause == FirstPause && !end.IsCancellationRequested) _log.OutOfReach(Collection, failure);
                wait = pause;
                pause = pause * 2 < LongestPause ? pause * 2 : LongestPause;
            }
            if (wait > TimeSpan.Zero) await Task.Delay(wait, _clock, end.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>Brings it up to what the grain knows now: whatever was answered before is here afterwards. Throws what the call throws.</summary>
    public async Task Refresh() => Apply(await _grain.Read(Place));

    /// <inheritdoc cref="OwnAnnouncements.Put"/>
    public Task Announce(AnnouncementKey key, Announcement what, TimeSpan lasts) => _own.Put(key, what, lasts);

    /// <inheritdoc cref="OwnAnnouncements.Remove"/>
    public Task Withdraw(AnnouncementKey key)
    {
        lock (_gate)
        {
            HashSet<string> changed = [];
            _board.Forget(key, changed);
            Change(changed);
        }
        return _own.Remove(key);
    }

    public AnnouncementKey KeyOf(long connection, string record) => new(_gateway, connection, record);

    /// <summary>The view of a record, or of everybody, until <see cref="Leave"/>.</summary>
    public PresenceView Join(string? record)
    {
        PresenceMetrics.Watches.Add(1);
        lock (_gate)
        {
            var view = _everybody;
            if (record is not null && !_views.TryGetValue(record, out view)) _views[record] = view = new(record);
            view!.Watches++;
            return view;
        }
    }

    public void Leave(PresenceView view)
    {
        PresenceMetrics.Watches.Add(-1);
        lock (_gate)
        {
            if (--view.Watches == 0 && view.Record is not null) _views.Remove(view.Record);
        }
    }

    /// <summary>Where a view stands, and what tells of its next change.</summary>
    public (long Revision, Task Changed) Look(PresenceView view)
    {
        lock (_gate) return (view.Revision, view.Changed);
    }

    /// <summary>The newest there is, and where the view stands with it.</summary>
    public (long Revision, People People) Read(PresenceView view)
    {
        lock (_gate) return (view.Revision, view.Read(_board));
    }

    /// <summary>Once a second.</summary>
    public void Tick()
    {
        _own.Lapse();
        lock (_gate)
        {
            if (!_board.Remembers || _clock.GetElapsedTime(_remembersSince) < MemoryLength) return;
            HashSet<string> changed = [];
            _board.ForgetAll(changed);
            Change(changed);
        }
    }

    public void End()
    {
        _ended.Cancel();
        _own.Clear();
    }

    private async Task<IReadOnlyList<AnnouncementKey>> Tell(IReadOnlyList<Telling> tellings)
    {
        try
        {
            var answer = await _grain.Tell(_gateway, ++_calls, tellings, Place);
            Apply(answer.Slice);
            return answer.Refused;
        }
        catch (Exception failure) when (!GrainFailure.IsTransport(failure))
        {
            _log.OutOfReach(Collection, failure);
            throw;
        }
    }

    private void Apply(PresenceSlice slice)
    {
        bool forgotten;
        lock (_gate)
        {
            var before = _board.Place;
            HashSet<string> changed = [];
            _board.Apply(slice, changed);
            Change(changed);
            forgotten = before.Life is not null && before.Life != _board.Place.Life;
            if (forgotten) _remembersSince = _clock.GetTimestamp();
        }
        if (forgotten) _own.TellAgain();
    }

    private void Change(HashSet<string> records)
    {
        if (records.Count == 0) return;
        _everybody.Change();
        if (_views.Count == 0) return;
        foreach (var record in records)
            if (_views.TryGetValue(record, out var view)) view.Change();
    }
}
