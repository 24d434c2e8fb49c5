using Microsoft.Extensions.Logging;
using Orleans.Concurrency;
using OrleansSync.Grains.Placement;
using OrleansSync.Protocol;
using OrleansSync.Storage;

namespace OrleansSync.Grains.Feeds;

/// <summary>
/// The owner of a feed partition: takes it, gives it back, and lends a desk to the records of its silo, where places are given. Whoever is elsewhere
/// appends and reads through here.
/// </summary>
[Reentrant, AtFeedHome]
internal sealed class FeedGrain(
    ISyncStore store, CommitPump pump, FeedDesks desks, FeedLeases leases, FeedHomes homes, ILocalSiloDetails silo, TimeProvider clock, ILogger<FeedGrain> log)
    : Grain, IFeedGrain
{
    private static readonly TimeSpan SweepPeriod = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan HomePeriod = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan KeptFor = TimeSpan.FromMinutes(3);

    private FeedKey _key;
    private FeedDesk _desk = null!;
    private FeedMouth _mouth = null!;
    private Task? _taking;

    public override async Task OnActivateAsync(CancellationToken cancellationToken)
    {
        _key = FeedKey.Parse(this.GetPrimaryKeyString());
        _mouth = new(_key, GrainFactory, clock);
        var collection = await store.ReadCollection(_key.Collection, cancellationToken)
            ?? new Collection(_key.Collection, 0, CollectionSettings.Default, default);
        var place = await store.ReadFeedPlace(_key.Collection, _key.Partition, cancellationToken) ?? NoFeedYet;
        _desk = new(_key, collection, place, pump, leases, _mouth, log);
        desks.Add(_desk);
        _ = _mouth.Speak();
        this.RegisterGrainTimer(LookAfter, SweepPeriod, SweepPeriod);
        this.RegisterGrainTimer(LookHome, HomePeriod, HomePeriod);
    }

    /// <summary>Whoever takes the feed next need not wait for this silo's lease to run out.</summary>
    public override async Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        _mouth.End();
        desks.Remove(_desk);
        if (_desk.Close() is not { } epoch) return;
        try
        {
            await _desk.Drained().WaitAsync(cancellationToken);
            await store.ReleaseFeed(new(_key.Collection, _key.Partition, epoch), cancellationToken);
        }
        catch (Exception failure) when (failure is StoreUnavailableException or OperationCanceledException)
        {
            FeedLog.StoreAway(log, failure, _key.ToString());
        }
    }

    // Where others may have committed until now, the feed is taken first: what is read of the store after that is what the next commit builds on.
    public async Task<Collection> ReadCollection() => !store.IsShared || await Owned()
        ? _desk.Collection
        : throw new StoreUnavailableException("The feed cannot be taken.");

    public Task<FeedState> ReadState()
    {
        _mouth.SomebodyListens();
        return Task.FromResult(new FeedState(_desk.Place, _desk.Collection));
    }

    public async Task<FeedSlice> ReadAfter(long after, int limit)
    {
        if (_desk.After(after, limit) is { } known) return known;
        var head = _desk.Place;
        var (entries, more) = await store.ReadFeed(_key.Collection, _key.Partition, after, limit, CancellationToken.None);
        // Asked for after the rows: what a sweep, perhaps begun by another partition, has taken out of them lies below this floor.
        var place = await store.ReadFeedPlace(_key.Collection, _key.Partition, CancellationToken.None);
        var last = entries.Count > 0 ? entries[^1].Seq : after;
        return new(entries, more ? last : Math.Max(head.Head, last), _desk.RaiseFloor(place?.Floor ?? 0));
    }

    public Task Adopt(Collection collection)
    {
        _desk.Adopt(collection);
        return Task.CompletedTask;
    }

    public async Task<AppendAnswer> Append(RecordCommit commit, long settingsRevision, long life, SiloAddress from)
    {
        // Between a taking and the turn of who waited for it, the feed can be lost again.
        while (await Owned())
        {
            if (_desk.TryAppend(commit, settingsRevision, life, !from.Equals(silo.SiloAddress), out var answer)) return await answer;
        }

        return _desk.Refuse(commit, life, AppendStatus.Unavailable);
    }

    private static readonly FeedPlace NoFeedYet = new("0", 0, 0);

    private async ValueTask<bool> Owned()
    {
        while (!_desk.IsOpen)
        {
            var taking = _taking ??= Take();
            try
            {
                await taking;
            }
            catch (StoreUnavailableException failure)
            {
                FeedLog.StoreAway(log, failure, _key.ToString());
                return false;
            }
            finally
            {
                if (ReferenceEquals(_taking, taking)) _taking = null;
            }
        }

        return true;
    }

    private async Task Take()
    {
        var asked = clock.GetTimestamp();
        var taken = await store.TakeFeed(_key.Collection, _key.Partition, Me, CancellationToken.None);
        // Until its lease has run out, the owner before may answer reads from memory: nothing new may be answered before that.
        if (store.IsShared && taken.From is { } before && before != Me) await Task.Delay(FeedLeases.Length, clock);
        _desk.Open(taken, leases.Begin(_key, taken.Epoch, asked));
    }

    private string Me => silo.SiloAddress.ToString();

    /// <summary>Since another silo came the feed may belong there; with it go the records that it carries. Who writes through the desk is not seen to call.</summary>
    private Task LookHome()
    {
        if (!homes.IsHere(_key)) DeactivateOnIdle();
        else if (_desk.WasUsed()) DelayDeactivation(KeptFor);
        return Task.CompletedTask;
    }

    /// <summary>One partition sweeps for all; each makes sure that it has not missed new settings, whose writer may have died before it had told all.</summary>
    private async Task LookAfter()
    {
        if (await store.ReadCollection(_key.Collection, CancellationToken.None) is not { } collection) return;
        _desk.Adopt(collection);
        if (_key.Partition == 0) await Sweep();
    }

    private async Task Sweep()
    {
        var started = clock.GetTimestamp();
        while (await store.Sweep(_key.Collection, Timestamp.Now(clock), CancellationToken.None) && clock.GetElapsedTime(started) < SweepPeriod / 4)
        {
        }
    }
}
