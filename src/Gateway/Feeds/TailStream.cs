using OrleansSync.Grains.Feeds;
using OrleansSync.Protocol;

namespace OrleansSync.Gateway.Feeds;

/// <summary>
/// A tail's subscription of the stream, and the judgement whether it can be trusted: a stream that stays behind is renewed, and until it brings
/// something again the tail reads directly.
/// </summary>
internal sealed class TailStream(FeedKey key, IFeedSource source, Action<IReadOnlyList<FeedEntry>> arrived) : IAsyncDisposable
{
    /// <summary>Looks in a row that must find the stream behind before it is renewed.</summary>
    private const int Patience = 2;

    /// <summary>Quiet looks after which reading directly is no longer worth its calls: a look a second finds the next entry.</summary>
    private const int QuietLooks = 10;

    private readonly SemaphoreSlim _renewing = new(1, 1);
    private IAsyncDisposable? _following;
    private long _brought;
    private long _lookedAt;
    private int _behind;
    private int _quiet;
    private volatile bool _silent = true;
    private volatile bool _disposed;

    /// <summary>True while the tail must read by itself: the stream is not there yet, or has stayed behind.</summary>
    public bool IsSilent => _silent;

    /// <summary>Subscribes, afresh if it was. What was missed meanwhile is for the tail to read.</summary>
    public async Task Renew()
    {
        if (!await _renewing.WaitAsync(TimeSpan.Zero)) return;
        try
        {
            var old = Interlocked.Exchange(ref _following, null);
            if (old is not null) await old.DisposeAsync();
            if (_disposed) return;
            var following = await source.Follow(key, Take);
            Interlocked.Exchange(ref _following, following);
            if (_disposed && Interlocked.Exchange(ref _following, null) is { } late) await late.DisposeAsync();
        }
        finally
        {
            _renewing.Release();
        }
    }

    /// <summary>It has just been set up: trusted until it shows otherwise.</summary>
    public void Trust(long head)
    {
        Interlocked.Exchange(ref _brought, head);
        _silent = false;
    }

    /// <summary>Judges by the head of a look: true when the stream has stayed behind and should be renewed.</summary>
    public bool Judge(long head)
    {
        _quiet = head == _lookedAt ? _quiet + 1 : 0;
        if (_quiet >= QuietLooks) Trust(head);
        var late = Interlocked.Read(ref _brought) < _lookedAt;
        if (late) FeedMetrics.LooksBehind.Add(1);
        _behind = late ? _behind + 1 : 0;
        _lookedAt = head;
        if (_behind < Patience) return false;
        _behind = 0;
        _silent = true;
        return true;
    }

    private void Take(IReadOnlyList<FeedEntry> entries)
    {
        if (_disposed || entries.Count == 0) return;
        var newest = entries[^1].Seq;
        if (newest > Interlocked.Read(ref _brought))
        {
            Interlocked.Exchange(ref _brought, newest);
            _silent = false;
        }
        arrived(entries);
    }

    public async ValueTask DisposeAsync()
    {
        _disposed = true;
        if (Interlocked.Exchange(ref _following, null) is { } following) await following.DisposeAsync();
    }
}
