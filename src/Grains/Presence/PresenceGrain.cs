using Orleans.Concurrency;

namespace OrleansSync.Grains.Presence;

/// <summary>Keeps one collection's announcements and wakes the gateways that follow them; what lapses it takes back by itself.</summary>
[Reentrant]
internal sealed class PresenceGrain(TimeProvider clock) : Grain, IPresenceGrain
{
    /// <summary>A grain that is to go waits for the calls it has: short enough not to be noticed.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    /// <summary>Ends that are close to each other are taken together.</summary>
    private static readonly TimeSpan LeastPause = TimeSpan.FromMilliseconds(25);

    /// <summary>Far more gateways than a cluster has; what is forgotten only guards against calls that come late.</summary>
    private const int MostGateways = 1000;

    private readonly PresenceBook _book = new(clock, Guid.NewGuid().ToString("n"));
    private readonly Dictionary<string, long> _heard = [];
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private IGrainTimer _lapsing = null!;

    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        _lapsing = this.RegisterGrainTimer(Lapse, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        return Task.CompletedTask;
    }

    public Task<PresenceAnswer> Tell(string gateway, long number, IReadOnlyList<Telling> tellings, PresencePlace known)
    {
        if (_heard.TryGetValue(gateway, out var last) && number <= last) return Task.FromResult(new PresenceAnswer([], _book.After(known)));
        if (_heard.Count >= MostGateways) _heard.Clear();
        _heard[gateway] = number;

        var before = _book.Place;
        var refused = new List<AnnouncementKey>();
        foreach (var (key, what, lasts) in tellings)
        {
            if (what is null) _book.Remove(key);
            else if (!_book.Put(key, what, lasts)) refused.Add(key);
        }
        Arm();
        if (_book.Place != before) Wake();
        return Task.FromResult(new PresenceAnswer(refused, _book.After(known)));
    }

    public Task<PresenceSlice> Read(PresencePlace known) => Task.FromResult(_book.After(known));

    public async Task<PresenceSlice> Follow(PresencePlace known)
    {
        if (known == _book.Place)
            await _changed.Task.WaitAsync(Patience, clock)
                .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
        return _book.After(known);
    }

    private Task Lapse()
    {
        if (_book.Lapse()) Wake();
        Arm();
        return Task.CompletedTask;
    }

    private void Arm()
    {
        var due = _book.NextEnd is not { } end ? Timeout.InfiniteTimeSpan : end > LeastPause ? end : LeastPause;
        _lapsing.Change(due, Timeout.InfiniteTimeSpan);
    }

    private void Wake()
    {
        var changed = _changed;
        _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
        changed.SetResult();
    }
}
