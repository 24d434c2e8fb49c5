using Microsoft.Extensions.Logging;
using Orleans.Concurrency;
using OrleansSync.Grains.Collections;
using OrleansSync.Grains.Feeds;
using OrleansSync.Grains.Merging;
using OrleansSync.Grains.Placement;
using OrleansSync.Protocol;
using OrleansSync.Storage;

namespace OrleansSync.Grains.Records;

/// <summary>
/// The only writer of a record: decides, hands on, answers. It decides against the newest decided state and takes the next write while
/// the one before is being committed; readers see committed state only.
/// </summary>
[Reentrant, BesideItsFeed]
internal sealed class RecordGrain(
    ISyncStore store, PartitionCounts partitions, FeedDesks desks, FeedLeases leases, FeedHomes homes, ILocalSiloDetails silo,
    CustomPolicies policies, SchemaCheck schemas, RecordLimits limits, TimeProvider clock, ILogger<RecordGrain> log)
    : Grain, IRecordGrain
{
    // A decision is only made anew when the ground under it moved; that it does so this often in a row means that something is wrong.
    private const int MostAttempts = 8;

    private RecordKey _key;
    private FeedKey _feedKey;
    private IFeedGrain _feed = null!;
    private FeedGround _ground;

    private Collection _collection = null!;
    private MergeState? _decided;
    private RecordVersion? _committed;
    private WriteLedger _ledger = null!;
    private Task _loading = Task.CompletedTask;
    private readonly AppendTurns _turns = new();
    private readonly RetryTurns _retries = new(clock);

    // Rises with every new start, also across activations: the feed refuses what was decided in a life that has ended.
    private long _life;

    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        _key = RecordKey.Parse(this.GetPrimaryKeyString());
        _life = clock.GetUtcNow().UtcTicks;
        return _loading = Load();
    }

    public async Task<WriteResult> Write(Write write)
    {
        KnownBase? seen = null;
        for (var attempt = 1; ; attempt++)
        {
            await Loaded();
            var (life, number) = (_life, _ledger.LastNumber);
            if (await Remembered(write) is { } first) return first;
            if (attempt == 1 && IsOvertaken(write)) await _retries.Take();
            if (_collection.Revision == 0) await CreateCollection(life);
            seen ??= await ReadBase(write);

            // Nothing is awaited from here until the commit has been handed on: what is decided is decided in order.
            if (life != _life || MustLookAgain(write, number, seen)) continue;
            var pending = Decide(write, seen?.Data);
            if (pending.Commit is null && await Outrun(life)) continue;
            var (status, answer) = await Commit(pending, life);
            if (status == AppendStatus.Committed) return answer;
            StartOver(life);
            if (Failure(write, status, attempt) is { } failure) return failure;
        }
    }

    public async Task<RecordVersion?> Read()
    {
        await Loaded();
        return leases.Holds(_ground) ? _committed : await ReadTruth();
    }

    public async Task<RecordVersion?> ReadVersion(long version)
    {
        await Read();
        return await Past().Shown(version);
    }

    public async Task<HistoryPage?> ReadHistory(long before, int limit)
    {
        await Read();
        return await Past().Page(before, limit);
    }

    // ---- reads on uncertain ground

    /// <summary>What the store holds: where this silo may have lost the feed without knowing. What it shows that is new is taken over.</summary>
    private async Task<RecordVersion?> ReadTruth()
    {
        var (ground, life) = (leases.Ground(_feedKey), _life);
        var stored = (await store.ReadRecord(_key.Collection, _key.Id, CancellationToken.None))?.State?.View;
        if (life != _life) return stored;
        if ((stored?.Version ?? 0) > (_decided?.Version ?? 0)) StartOver(life);
        else if (stored?.Version == _committed?.Version) _ground = ground;
        await Loaded();
        return stored;
    }

    /// <summary>True when others have written meanwhile: what was refused by what memory holds is to be looked at again.</summary>
    private async ValueTask<bool> Outrun(long life)
    {
        if (leases.Holds(_ground)) return false;
        await ReadTruth();
        return life != _life;
    }

    // ---- resends

    private async ValueTask<WriteResult?> Remembered(Write write)
    {
        if (write.Id is null) return null;
        if (_ledger.InFlight(write) is { } underWay) return WriteLedger.Again(write, await underWay);
        if (!_ledger.Knows(write)) return null;
        var entry = await store.ReadWrite(_key.Collection, _key.Id, write.Author, write.Id, CancellationToken.None);
        if (entry is null) return null;
        if (entry.Version > (_committed?.Version ?? 0)) await ReadTruth();
        return WriteLedger.Replay(write, entry, await Past().At(entry.Version));
    }

    // ---- decide

    private bool IsOvertaken(Write write) =>
        write.Precondition is { Kind: PreconditionKind.Version } seen && seen.Version < (_decided?.Version ?? 0);

    private async Task CreateCollection(long life)
    {
        var created = await GrainFactory.GetGrain<ICollectionGrain>(_key.Collection).Ensure();
        // Somebody else may have created it since this was loaded, with more partitions: another of them carries the record.
        if (Carries(created)) _collection = created;
        else StartOver(life);
    }

    private bool Carries(Collection collection) => _key.FeedOf(collection.Settings.Partitions) == _feedKey;

    private async ValueTask<KnownBase?> ReadBase(Write write) =>
        MergeEngine.NeedsBaseData(_decided, write, _collection.Settings) is { } version
            ? new((await Past().At(version))?.Data)
            : null;

    /// <summary>True when, while something was awaited, the same write came another way, or the record moved past the write's base.</summary>
    private bool MustLookAgain(Write write, long number, KnownBase? seen)
    {
        if (write.Id is not null && (_ledger.InFlight(write) is not null || (number != _ledger.LastNumber && _ledger.Knows(write)))) return true;
        return seen is null && MergeEngine.NeedsBaseData(_decided, write, _collection.Settings) is not null;
    }

    private Pending Decide(Write write, byte[]? baseData)
    {
        try
        {
            return Decide(write, baseData, Timestamp.Now(clock));
        }
        catch (CustomPolicyException failure)
        {
            // Nothing is decided until all is: the record stands as it stood, and the next write meets it so.
            RecordLog.PolicyFailed(log, failure, this.GetPrimaryKeyString());
            return new(write, WriteResult.Invalid(write.Id, PolicyFailed), null);
        }
    }

    private Pending Decide(Write write, byte[]? baseData, Timestamp now)
    {
        if (WriteRules.Refusal(write, now, limits) is { } refused)
            return new(write, WriteResult.Invalid(write.Id, refused), null);

        if (WriteRules.OfSomebodyElses(write, _decided, now, _collection.Settings, policies) is { } notTheirs) return new(write, notTheirs, null);

        var decision = MergeEngine.Decide(_decided, write, _collection.Settings, now, baseData, policies);
        if (decision.Outcome != Outcome.Invalid && WriteRules.Refusal(decision, write, _collection.Settings, limits, schemas) is { } unfit)
            return new(write, WriteResult.Invalid(write.Id, unfit), null);

        var answer = new WriteResult
        {
            Id = write.Id,
            Outcome = decision.Outcome,
            Record = decision.Outcome == Outcome.Invalid ? null : decision.State?.View,
            Fields = decision.Fields,
            Problem = decision.Problem,
            Created = decision.Created,
        };
        if (decision.Outcome == Outcome.Invalid) return new(write, answer, null);

        var commit = RecordCommits.Of(write, decision, _decided, _ledger.LastNumber + 1, now);
        _decided = decision.State;
        if (decision.MakesVersion) _retries.Moved();
        return new(write, answer, commit);
    }

    // ---- hand on, answer

    private async ValueTask<(AppendStatus, WriteResult)> Commit(Pending pending, long life)
    {
        if (pending.Commit is not { } commit) return (AppendStatus.Committed, pending.Answer);

        var flight = _ledger.Begin(pending.Write, commit.Entry);
        try
        {
            var append = await Append(commit, life);
            if (append.Status != AppendStatus.Committed) return (append.Status, pending.Answer);
            if (life == _life && commit.State is { } state && state.View.Version >= (_committed?.Version ?? 0)) _committed = state.View;
            flight?.Done(pending.Answer);
            // Where the feed has moved, the record follows with its next write.
            if (!homes.IsHere(_feedKey)) DeactivateOnIdle();
            return (AppendStatus.Committed, pending.Answer);
        }
        catch (Exception failure) when (failure is TimeoutException or OrleansException or StoreUnavailableException)
        {
            RecordLog.FeedDidNotAnswer(log, failure, this.GetPrimaryKeyString());
            return (AppendStatus.Unavailable, pending.Answer);
        }
        finally
        {
            flight?.End();
        }
    }

    private ValueTask<AppendAnswer> Append(RecordCommit commit, long life) =>
        _turns.IsFree && desks.TryAppend(_feedKey, commit, _collection.Revision, life, out var answer)
            ? answer
            : new(AppendInTurn(commit, _collection.Revision, life));

    /// <summary>Where the feed is elsewhere, or not taken yet.</summary>
    private async Task<AppendAnswer> AppendInTurn(RecordCommit commit, long revision, long life)
    {
        using var turn = _turns.Take();
        await turn.Came;
        if (life != _life) return new(AppendStatus.Fenced);
        if (!desks.TryAppend(_feedKey, commit, revision, life, out var answer)) return await _feed.Append(commit, revision, life, silo.SiloAddress);
        turn.Dispose();
        return await answer;
    }

    private WriteResult? Failure(Write write, AppendStatus status, int attempt) => status switch
    {
        AppendStatus.Unavailable => WriteResult.Invalid(write.Id, new Problem(
            Codes.Unavailable, "The store did not answer; the write may or may not have happened. Send it again with its id.")),
        AppendStatus.Overloaded => WriteResult.Invalid(write.Id, new Problem(
            Codes.Overloaded, "Too many writes are waiting; nothing happened. Send it again after a pause.")),
        _ when attempt >= MostAttempts => WriteResult.Invalid(write.Id, new Problem(
            Codes.Unavailable, "The record is moving between nodes. Send the write again with its id.")),
        _ => null,
    };

    // ---- load

    /// <summary>Starts over from what the store holds, once for all writes that were decided on the ground that gave way.</summary>
    private void StartOver(long life)
    {
        if (life != _life) return;
        _life++;
        _loading = Load();
    }

    // A load that failed is tried again by whoever comes next: nothing may be decided or read on ground that gave way.
    private Task Loaded() => _loading.IsFaulted ? _loading = Load() : _loading;

    private async Task Load() => await Load(await partitions.Of(_key.Collection));

    private async Task Load(int count)
    {
        _feedKey = _key.FeedOf(count);
        _feed = GrainFactory.GetGrain<IFeedGrain>(_feedKey.ToString());
        _collection = await _feed.ReadCollection();
        _ground = leases.Ground(_feedKey);
        var stored = await store.ReadRecord(_key.Collection, _key.Id, CancellationToken.None);
        _decided = stored?.State is { } state ? MergeState.Load(state) : null;
        _committed = _decided?.View;
        _ledger = new WriteLedger(stored, clock);
        // It came into being while it was looked for.
        if (_collection.Revision > 0 && !Carries(_collection)) await Load(_collection.Settings.Partitions);
    }

    private static readonly Problem PolicyFailed = new(Codes.Internal,
        "The server could not decide over a concurrent edit and nothing happened; the operator's log says why. Send the write again when that is mended.");

    private PastVersions Past() => new(store, _key, _committed, _collection.Settings, clock);

    /// <summary>The data at a write's base; null data = forgotten.</summary>
    private sealed record KnownBase(byte[]? Data);

    /// <param name="Commit">Null when nothing is to be remembered.</param>
    private sealed record Pending(Write Write, WriteResult Answer, RecordCommit? Commit);
}
