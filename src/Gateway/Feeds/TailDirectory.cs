using OrleansSync.Grains.Feeds;
using OrleansSync.Protocol;

namespace OrleansSync.Gateway.Feeds;

/// <summary>
/// The tails of this gateway, one for each feed partition in use: made for the first user, closed some seconds after the last one left. Once a
/// second has each look at its head.
/// </summary>
internal sealed class TailDirectory(IFeedSource source, TimeProvider clock, ILoggerFactory logs) : IAsyncDisposable
{
    public static readonly TimeSpan LookPeriod = TimeSpan.FromSeconds(1);

    /// <summary>Looks that a tail without users lives through: who reconnects finds it warm.</summary>
    private const int IdleLooks = 10;

    private readonly Lock _gate = new();
    private readonly Dictionary<FeedKey, Entry> _tails = [];
    private readonly ILogger _log = logs.CreateLogger<FeedTail>();
    private ITimer? _timer;
    private bool _disposed;

    /// <summary>Told by every tail what the settings are, each time it looks.</summary>
    public event Action<Collection>? SettingsSeen;

    /// <summary>Once a second, after the tails were told to look.</summary>
    public event Action? Ticked;

    /// <summary>The tail, followed until <see cref="Leave"/>. Throws what the grain call throws.</summary>
    public async Task<FeedTail> Use(FeedKey key)
    {
        Entry entry;
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            _timer ??= clock.CreateTimer(_ => Tick(), null, LookPeriod, LookPeriod);
            if (!_tails.TryGetValue(key, out entry!)) _tails[key] = entry = Open(key);
            entry.Users++;
        }
        try
        {
            await entry.Started.Value;
            return entry.Tail;
        }
        catch
        {
            Leave(entry.Tail);
            Drop(key, entry);
            throw;
        }
    }

    public void Leave(FeedTail tail)
    {
        lock (_gate)
        {
            if (!_tails.TryGetValue(tail.Key, out var entry) || entry.Tail != tail) return;
            entry.Users--;
            entry.Idle = 0;
        }
    }

    private Entry Open(FeedKey key)
    {
        var tail = new FeedTail(key, source, clock, seen => SettingsSeen?.Invoke(seen), _log);
        return new(tail, new(tail.Start));
    }

    private void Tick()
    {
        List<FeedTail> looking = [];
        List<FeedTail> leaving = [];
        lock (_gate)
        {
            foreach (var (key, entry) in _tails)
            {
                if (entry.Users > 0 || ++entry.Idle < IdleLooks) looking.Add(entry.Tail);
                else leaving.Add(entry.Tail);
            }
            foreach (var tail in leaving) _tails.Remove(tail.Key);
        }
        foreach (var tail in looking) _ = tail.Look();
        foreach (var tail in leaving) _ = tail.DisposeAsync().AsTask();
        Ticked?.Invoke();
    }

    private void Drop(FeedKey key, Entry entry)
    {
        lock (_gate)
        {
            if (_tails.TryGetValue(key, out var current) && current == entry) _tails.Remove(key);
        }
    }

    public async ValueTask DisposeAsync()
    {
        List<Entry> all;
        lock (_gate)
        {
            _disposed = true;
            all = [.. _tails.Values];
            _tails.Clear();
        }
        if (_timer is not null) await _timer.DisposeAsync();
        foreach (var entry in all) await entry.Tail.DisposeAsync();
    }

    private sealed class Entry(FeedTail tail, Lazy<Task> started)
    {
        public FeedTail Tail { get; } = tail;

        /// <summary>Begun by the first user, outside the lock: it calls out.</summary>
        public Lazy<Task> Started { get; } = started;
        public int Users { get; set; }
        public int Idle { get; set; }
    }
}
