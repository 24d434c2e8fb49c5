using OrleansSync.Grains.Presence;

namespace OrleansSync.Gateway.Presence;

/// <summary>
/// The desks of this gateway, one for each collection that somebody here watches or announces in: made for the first, let go of some seconds
/// after the last.
/// </summary>
internal sealed class PresenceDesks : IDisposable
{
    private static readonly TimeSpan TickPeriod = TimeSpan.FromSeconds(1);

    /// <summary>Ticks that a desk without use lives through: who reconnects finds it as it was.</summary>
    private const int IdleTicks = 5;

    private readonly string _gateway = Guid.NewGuid().ToString("n");
    private readonly IGrainFactory _grains;
    private readonly TimeProvider _clock;
    private readonly ILogger _log;
    private readonly CancellationToken _stopping;
    private readonly Lock _gate = new();
    private readonly Dictionary<string, PresenceDesk> _desks = [];
    private readonly ITimer _timer;
    private long _connections;

    public PresenceDesks(IGrainFactory grains, TimeProvider clock, IHostApplicationLifetime lifetime, ILogger<PresenceDesks> log)
    {
        (_grains, _clock, _log, _stopping) = (grains, clock, log, lifetime.ApplicationStopping);
        _timer = clock.CreateTimer(_ => Tick(), null, TickPeriod, TickPeriod);
    }

    /// <summary>The number of a new connection.</summary>
    public long NextConnection() => Interlocked.Increment(ref _connections);

    /// <summary>The desk, kept until <see cref="Leave"/> and for as long as something is announced there.</summary>
    public PresenceDesk Use(string collection)
    {
        PresenceDesk desk;
        lock (_gate)
        {
            if (_desks.TryGetValue(collection, out desk!))
            {
                desk.Users++;
                return desk;
            }
            _desks[collection] = desk = new(collection, _gateway, _grains.GetGrain<IPresenceGrain>(collection), _clock, _log) { Users = 1 };
        }
        // While the server stops nobody watches any more, but what ends is still told.
        _ = desk.Follow(_stopping);
        return desk;
    }

    public void Leave(PresenceDesk desk)
    {
        lock (_gate) desk.Users--;
    }

    public void Dispose()
    {
        _timer.Dispose();
        lock (_gate)
        {
            foreach (var desk in _desks.Values) desk.End();
            _desks.Clear();
        }
    }

    private void Tick()
    {
        PresenceDesk[] all;
        List<PresenceDesk> ended = [];
        lock (_gate)
        {
            foreach (var (collection, desk) in _desks)
            {
                desk.Idle = desk.Users == 0 && desk.IsSilent ? desk.Idle + 1 : 0;
                if (desk.Idle < IdleTicks) continue;
                _desks.Remove(collection);
                ended.Add(desk);
            }
            all = [.. _desks.Values];
        }
        foreach (var desk in ended) desk.End();
        foreach (var desk in all) desk.Tick();
    }
}
