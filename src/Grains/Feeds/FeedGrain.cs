using Microsoft.Extensions.Logging;
using Orleans.Concurrency;
using OrleansSync.Grains.Placement;
using OrleansSync.Protocol;
using OrleansSync.Storage;

namespace OrleansSync.Grains.Feeds;

/// <summary>
/// The only giver of places in a feed partition. Appends interleave: each gets its place at once and waits for the one commit pump of
/// its silo; what is durable is shown, in order, to whoever reads the feed.
/// </summary>
[Reentrant, AtFeedHome]
internal sealed class FeedGrain(
    ISyncStore store, CommitPump pump, FeedLeases leases, FeedHomes homes, ILocalSiloDetails silo, TimeProvider clock, ILogger<FeedGrain> log)
    : Grain, IFeedGrain
{
    private static readonly TimeSpan SweepPeriod = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan HomePeriod = TimeSpan.FromSeconds(5);

    private FeedKey _key;
    private Collection _collection = null!;
    private FeedOwnership? _mine;
    private FeedLease? _lease;
    private Task? _taking;
    private long _head;
    private readonly EndedLives _lives = new();
    private FeedMemory _memory = null!;
    private FeedMouth _mouth = null!;

    public override async Task OnActivateAsync(CancellationToken cancellationToken)
    {
        _key = FeedKey.Parse(this.GetPrimaryKeyString());
        _mouth = new FeedMouth(_key, GrainFactory, clock);
        _collection = await store.ReadCollection(_key.Collection, cancellationToken)
            ?? new Collection(_key.Collection, 0, CollectionSettings.Default, default);
        var place = await store.ReadFeedPlace(_key.Collection, _key.Partition, cancellationToken);
        _memory = new FeedMemory(place ?? NoFeedYet);
        this.RegisterGrainTimer(LookAfter, SweepPeriod, SweepPeriod);
        this.RegisterGrainTimer(LookHome, HomePeriod, HomePeriod);
    }

    /// <summary>Whoever takes the feed next need not wait for this silo's lease to run out.</summary>
    public override async Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        if (_mine is not { } mine) return;
        LetGo();
        try
        {
            await store.ReleaseFeed(new(_key.Collection, _key.Partition, mine.Epoch), cancellationToken);
        }
        catch (StoreUnavailableException failure)
        {
            FeedLog.StoreAway(log, failure, _key.ToString());
        }
    }

    // Where others may have committed until now, the feed is taken first: what is read of the store after that is what the next commit builds on.
    public async Task<Collection> ReadCollection() => !store.IsShared || await Owned()
        ? _collection
        : throw new StoreUnavailableException("The feed cannot be taken.");

    public Task<FeedState> ReadState()
    {
        _mouth.SomebodyListens();
        return Task.FromResult(new FeedState(_memory.Place, _collection));
    }

    public async Task<FeedSlice> ReadAfter(long after, int limit)
    {
        if (_memory.After(after, limit) is { } known) return known;
        var head = _memory.Place;
        var (entries, more) = await store.ReadFeed(_key.Collection, _key.Partition, after, limit, CancellationToken.None);
        // Asked for after the rows: what a sweep, perhaps begun by another partition, has taken out of them lies below this floor.
        if (await store.ReadFeedPlace(_key.Collection, _key.Partition, CancellationToken.None) is { } place) _memory.RaiseFloor(place.Floor);
        var last = entries.Count > 0 ? entries[^1].Seq : after;
        return new(entries, more ? last : Math.Max(head.Head, last), _memory.Place);
    }

    public Task Adopt(Collection collection)
    {
        if (collection.Revision > _collection.Revision) _collection = collection;
        return Task.CompletedTask;
    }

    public async Task<AppendAnswer> Append(RecordCommit commit, long settingsRevision, long life, SiloAddress from)
    {
        if (!await Owned()) return Refuse(commit, life, AppendStatus.Unavailable);
        if (!_lives.IsAlive(commit.RecordId, life)) return new(AppendStatus.Fenced);
        if (settingsRevision != _collection.Revision) return Refuse(commit, life, AppendStatus.SettingsMoved);

        // From here to the hand-over nothing is awaited: places are given in the order in which commits reach the pump.
        var mine = _mine!;
        if (!from.Equals(silo.SiloAddress)) _lease!.StrangerCommitted();
        var before = _head;
        if (commit.MakesVersion) commit = commit with { Seq = ++_head };
        var handed = pump.Append(_key.Collection, _key.Partition, mine.Epoch, before, _head, commit);
        CommitOutcome? known = handed.IsCompletedSuccessfully ? handed.Result : null;
        if (known == CommitOutcome.Overloaded)
        {
            // It says so at once, and nothing happened: the place is free again.
            _head = before;
            return Refuse(commit, life, AppendStatus.Overloaded);
        }

        var shown = _memory.Expect(commit);

        var outcome = known ?? await handed;
        if (outcome == CommitOutcome.Committed)
        {
            if (mine == _mine) _mouth.Say(_memory.Show(shown));
            return Committed;
        }

        GiveUp(mine, outcome);
        return Refuse(commit, life, outcome == CommitOutcome.Unavailable ? AppendStatus.Unavailable : AppendStatus.Fenced);
    }

    // What the record decided after this one builds on it: none of it may reach the store, where it would take the batch of others down.
    private AppendAnswer Refuse(RecordCommit commit, long life, AppendStatus status)
    {
        _lives.End(commit.RecordId, life);
        return new(status, status == AppendStatus.SettingsMoved ? _collection : null);
    }

    private static readonly AppendAnswer Committed = new(AppendStatus.Committed);

    private static readonly FeedPlace NoFeedYet = new("0", 0, 0);

    private async ValueTask<bool> Owned()
    {
        // Between a taking and the turn of who waited for it, the feed can be lost again.
        while (_mine is null)
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
        _head = taken.Place.Head;
        _memory = new FeedMemory(taken.Place);
        _lease = leases.Begin(_key, taken.Epoch, asked);
        _mine = taken;
    }

    private string Me => silo.SiloAddress.ToString();

    private void LetGo()
    {
        _mine = null;
        if (_lease is not null) leases.End(_lease);
        _lease = null;
    }

    /// <summary>After a commit that did not happen nothing that was given a place after it can: the next append takes the feed again.</summary>
    private void GiveUp(FeedOwnership mine, CommitOutcome outcome)
    {
        if (mine != _mine) return;
        FeedLog.CommitFailed(log, _key.ToString(), outcome);
        LetGo();
    }

    /// <summary>Since another silo came the feed may belong there; with it go the records that it carries.</summary>
    private Task LookHome()
    {
        if (!homes.IsHere(_key)) DeactivateOnIdle();
        return Task.CompletedTask;
    }

    /// <summary>One partition sweeps for all; each makes sure that it has not missed new settings, whose writer may have died before it had told all.</summary>
    private async Task LookAfter()
    {
        if (await store.ReadCollection(_key.Collection, CancellationToken.None) is not { } collection) return;
        await Adopt(collection);
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
