using System.Collections.Concurrent;
using Microsoft.Extensions.Hosting;
using OrleansSync.Storage;

namespace OrleansSync.Grains.Feeds;

/// <summary>
/// The feeds that this silo owns, and how long it may take that for granted (guarantee 1): a silo that was paused or cut off past its death does
/// not answer from memory. Leases are renewed through the store while somebody reads, measured on the monotonic clock from before the store
/// was asked; who takes a feed from another owner waits as long as that owner's lease can last.
/// </summary>
internal sealed class FeedLeases(ISyncStore store, TimeProvider clock) : BackgroundService
{
    /// <summary>How long a lease lasts after the store was asked.</summary>
    public static readonly TimeSpan Length = TimeSpan.FromMilliseconds(300);

    private static readonly TimeSpan Period = Length / 3;
    private static readonly TimeSpan IdleAfter = TimeSpan.FromSeconds(1);

    private readonly ConcurrentDictionary<FeedKey, FeedLease> _leases = new();
    private readonly SemaphoreSlim _wanted = new(0, 1);
    private long _lastWanted;
    private volatile bool _asleep = true;

    /// <summary>The lease of a feed that was just taken; it begins when the store was asked for it.</summary>
    public FeedLease Begin(FeedKey feed, long epoch, long asked)
    {
        var lease = new FeedLease(feed, epoch);
        lease.Renew(After(asked));
        _leases[feed] = lease;
        return lease;
    }

    public void End(FeedLease lease)
    {
        lease.Lose();
        _leases.TryRemove(new(lease.Feed, lease));
    }

    /// <summary>What a record stands on that is loaded now. To be asked for before the store is.</summary>
    public FeedGround Ground(FeedKey feed) => _leases.TryGetValue(feed, out var lease) ? new(lease, lease.Strangers) : default;

    /// <summary>True when nobody but this silo can have committed to the feed since the ground was looked at.</summary>
    public bool Holds(FeedGround ground)
    {
        if (!store.IsShared) return true;
        if (ground.Lease is not { } lease || lease.Strangers != ground.Strangers) return false;
        Want();
        return lease.IsFresh(clock.GetTimestamp());
    }

    public override void Dispose()
    {
        base.Dispose();
        _wanted.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stopping)
    {
        if (!store.IsShared) return;
        try
        {
            while (true)
            {
                await _wanted.WaitAsync(stopping);
                _asleep = false;
                while (clock.GetElapsedTime(Volatile.Read(ref _lastWanted)) < IdleAfter)
                {
                    await Renew(stopping);
                    await Task.Delay(Period, clock, stopping);
                }

                _asleep = true;
            }
        }
        catch (OperationCanceledException)
        {
            // The silo stops.
        }
    }

    private async Task Renew(CancellationToken stopping)
    {
        try
        {
            var leases = _leases.Values.ToArray();
            var asked = clock.GetTimestamp();
            var held = await store.AreHeld([.. leases.Select(lease => new HeldFeed(lease.Feed.Collection, lease.Feed.Partition, lease.Epoch))], stopping);
            for (var i = 0; i < leases.Length; i++)
            {
                if (held[i]) leases[i].Renew(After(asked));
                else End(leases[i]);
            }
        }
        catch (StoreUnavailableException)
        {
            // They run out, and every read asks the store, which says the same.
        }
    }

    private void Want()
    {
        Volatile.Write(ref _lastWanted, clock.GetTimestamp());
        if (!_asleep || _wanted.CurrentCount > 0) return;
        try
        {
            _wanted.Release();
        }
        catch (SemaphoreFullException)
        {
            // Somebody else has woken it.
        }
    }

    private long After(long asked) => asked + (long)(Length.TotalSeconds * clock.TimestampFrequency);
}
