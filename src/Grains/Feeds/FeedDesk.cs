using Microsoft.Extensions.Logging;
using OrleansSync.Protocol;
using OrleansSync.Storage;

namespace OrleansSync.Grains.Feeds;

/// <summary>
/// Gives a feed partition's places while this silo owns it. Records of this silo come to it directly, on whichever thread they run; those of others, and
/// readers, come through the feed grain. What is durable is shown before anybody is answered, in order.
/// </summary>
/// <param name="collection">As it is known before the feed is owned; so is the place.</param>
internal sealed class FeedDesk(
    FeedKey feed, Collection collection, FeedPlace place, CommitPump pump, FeedLeases leases, FeedMouth mouth, ILogger log) : IFeedCommits
{
    private readonly Lock _lock = new();
    private readonly EndedLives _lives = new();
    private readonly Queue<Placed> _placed = new();
    private Collection _collection = collection;
    private FeedMemory _memory = new(place);
    private FeedLease? _lease;
    private long _epoch;
    private long _head;
    private bool _used;
    private TaskCompletionSource? _drained;

    public FeedKey Feed => feed;

    /// <summary>True while this silo owns the feed, as far as it knows.</summary>
    public bool IsOpen => Volatile.Read(ref _lease) is not null;

    public Collection Collection
    {
        get
        {
            lock (_lock) return _collection;
        }
    }

    public FeedPlace Place
    {
        get
        {
            lock (_lock) return _memory.Place;
        }
    }

    // ---- the grain's side

    public void Open(FeedOwnership taken, FeedLease lease)
    {
        lock (_lock)
        {
            _placed.Clear();
            _memory = new(taken.Place);
            (_epoch, _head) = (taken.Epoch, taken.Place.Head);
            _lease = lease;
        }
    }

    /// <summary>Takes nothing more. Answers the epoch that is given up, or null where nothing was owned.</summary>
    public long? Close()
    {
        lock (_lock)
        {
            if (_lease is not { } lease) return null;
            LetGo(lease);
            return _epoch;
        }
    }

    /// <summary>Returns when all that was taken has been answered.</summary>
    public Task Drained()
    {
        lock (_lock)
            return _placed.Count == 0 ? Task.CompletedTask : (_drained ??= new(TaskCreationOptions.RunContinuationsAsynchronously)).Task;
    }

    public void Adopt(Collection collection)
    {
        lock (_lock)
            if (collection.Revision > _collection.Revision) _collection = collection;
    }

    /// <summary>Entries after a place, or null when memory does not reach back so far.</summary>
    public FeedSlice? After(long after, int limit)
    {
        lock (_lock) return _memory.After(after, limit);
    }

    public FeedPlace RaiseFloor(long floor)
    {
        lock (_lock)
        {
            _memory.RaiseFloor(floor);
            return _memory.Place;
        }
    }

    /// <summary>Whether anything was appended since it was last asked.</summary>
    public bool WasUsed()
    {
        lock (_lock)
        {
            var used = _used;
            _used = false;
            return used;
        }
    }

    /// <summary>
    /// Refuses. What the record decided after this one builds on it: none of it may reach the store, where it would take the batch of others down.
    /// </summary>
    public AppendAnswer Refuse(RecordCommit commit, long life, AppendStatus status)
    {
        lock (_lock)
        {
            _lives.End(commit.RecordId, life);
            return new(status, status == AppendStatus.SettingsMoved ? _collection : null);
        }
    }

    // ---- appends

    /// <summary>Gives the commit the next place; the answer comes when it is durable, or says why not. False when this silo does not own the feed.</summary>
    public bool TryAppend(RecordCommit commit, long settingsRevision, long life, bool fromStranger, out ValueTask<AppendAnswer> answer)
    {
        // Places are given in the order in which commits reach the pump.
        lock (_lock)
        {
            answer = default;
            if (_lease is not { } lease) return false;
            _used = true;
            if (!_lives.IsAlive(commit.RecordId, life)) answer = new(Fenced);
            else if (settingsRevision != _collection.Revision) answer = new(Refuse(commit, life, AppendStatus.SettingsMoved));
            else answer = HandOn(commit, life, fromStranger ? lease : null);
            return true;
        }
    }

    private ValueTask<AppendAnswer> HandOn(RecordCommit commit, long life, FeedLease? strangers)
    {
        strangers?.StrangerCommitted();
        var before = _head;
        if (commit.MakesVersion) commit = commit with { Seq = ++_head };
        var handed = pump.Append(feed.Collection, feed.Partition, _epoch, before, _head, commit, this);
        if (handed.IsCompletedSuccessfully && handed.Result == CommitOutcome.Overloaded)
        {
            // It says so at once, and nothing happened: the place is free again.
            _head = before;
            return new(Refuse(commit, life, AppendStatus.Overloaded));
        }

        _placed.Enqueue(new(commit, life));
        return Answer(handed);
    }

    // Not pooled: a pooled one would have to be scheduled once more to go on on the grain's turns.
    private static async ValueTask<AppendAnswer> Answer(ValueTask<CommitOutcome> handed) => await handed switch
    {
        CommitOutcome.Committed => Committed,
        CommitOutcome.Unavailable => Unavailable,
        _ => Fenced,
    };

    // ---- the pump's side

    void IFeedCommits.Committed(long epoch, int count)
    {
        lock (_lock)
        {
            if (epoch != _epoch) return;
            for (var i = 0; i < count && _placed.TryDequeue(out var placed); i++)
                if (placed.Commit.MakesVersion) mouth.Say(_memory.Add(placed.Commit));
            mouth.Flush();
            SayDrained();
        }
    }

    void IFeedCommits.Lost(long epoch, CommitOutcome outcome)
    {
        lock (_lock)
        {
            if (epoch != _epoch) return;
            while (_placed.TryDequeue(out var placed)) _lives.End(placed.Commit.RecordId, placed.Life);
            SayDrained();
            // Nothing that was given a place after it can be committed: the next append takes the feed again.
            if (_lease is not { } lease) return;
            FeedLog.CommitFailed(log, feed.ToString(), outcome);
            LetGo(lease);
        }
    }

    private void LetGo(FeedLease lease)
    {
        _lease = null;
        leases.End(lease);
    }

    private void SayDrained()
    {
        if (_placed.Count > 0) return;
        _drained?.TrySetResult();
        _drained = null;
    }

    private static readonly AppendAnswer Committed = new(AppendStatus.Committed);
    private static readonly AppendAnswer Fenced = new(AppendStatus.Fenced);
    private static readonly AppendAnswer Unavailable = new(AppendStatus.Unavailable);

    /// <summary>A commit that has its place and is on its way.</summary>
    private readonly record struct Placed(RecordCommit Commit, long Life);
}
