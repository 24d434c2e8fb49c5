using System.Diagnostics;

namespace OrleansSync.Storage;

/// <summary>
/// The one door to the store's commits: takes everything that waits and commits it in one transaction, while the next batch forms by itself.
/// One per process, on a thread of its own. Commits of one feed keep their order, and after one that was not committed none decided
/// after it is: that feed must be taken again first.
/// </summary>
public sealed class CommitPump : IAsyncDisposable
{
    private readonly ISyncStore _store;
    private readonly CommitPumpOptions _options;
    private readonly Queue<WaitingCommit> _waiting = new();
    private readonly PumpRound _round;
    private readonly Thread _thread;
    private bool _stopping;

    public CommitPump(ISyncStore store, CommitPumpOptions? options = null)
    {
        _store = store;
        _options = options ?? new();
        _round = new(_options);
        _thread = new Thread(Work) { IsBackground = true, Name = "commit pump" };
        _thread.Start();
    }

    /// <summary>
    /// Hands over one decided write of a feed; answers when it is durable, or why it is not. Calls for one feed must come in the order of their heads.
    /// </summary>
    /// <returns>Complete at once when it is <see cref="CommitOutcome.Overloaded"/>. Await it once.</returns>
    /// <param name="epoch">The epoch under which the caller took the feed.</param>
    /// <param name="feed">Is told first. The same for all commits of an epoch.</param>
    /// <param name="expectedHead">The feed's head before this commit.</param>
    /// <param name="newHead">The head after it: the commit's place, or the same head when it makes no version.</param>
    public ValueTask<CommitOutcome> Append(
        string collection, int partition, long epoch, long expectedHead, long newHead, RecordCommit commit, IFeedCommits? feed = null)
    {
        var waiting = WaitingCommit.Rent(new(collection, partition), epoch, expectedHead, newHead, commit, feed);
        lock (_waiting)
        {
            if (!_stopping && _waiting.Count < _options.WaitingCommits)
            {
                _waiting.Enqueue(waiting);
                if (_waiting.Count == 1)
                    Monitor.Pulse(_waiting);
                StorageMeter.QueueLength.Add(1);
                return waiting.Outcome;
            }
        }
        waiting.Abandon();
        return new(CommitOutcome.Overloaded);
    }

    private void Work()
    {
        while (TakeRound())
        {
            StorageMeter.QueueLength.Add(-_round.Count);
            StorageMeter.BatchSize.Record(_round.Count);
            Commit();
            _round.Clear();
        }
    }

    /// <summary>Waits for work and takes what fits one transaction. False when all is done and the pump stops.</summary>
    private bool TakeRound()
    {
        lock (_waiting)
        {
            while (_waiting.Count == 0)
            {
                if (_stopping)
                    return false;
                Monitor.Wait(_waiting);
            }
            while (_waiting.TryPeek(out var next) && _round.Takes(next))
                _round.Add(_waiting.Dequeue());
            return true;
        }
    }

    private void Commit()
    {
        var batches = _round.Batches();
        if (batches.Count == 0)
            return;
        var started = Stopwatch.GetTimestamp();
        IReadOnlyList<bool> accepted;
        try
        {
            // The pump's thread has nothing else to do than to wait.
            accepted = _store.Commit(batches, CancellationToken.None).GetAwaiter().GetResult();
        }
        catch (Exception)
        {
            // Whatever went wrong, it is not known what happened: that is what each of them is told.
            _round.AnswerUnavailable();
            return;
        }
        StorageMeter.CommitDuration.Record(Stopwatch.GetElapsedTime(started).TotalSeconds);
        _round.Answer(accepted);
    }

    /// <summary>Takes nothing more, commits what waits, and ends.</summary>
    public async ValueTask DisposeAsync()
    {
        lock (_waiting)
        {
            _stopping = true;
            Monitor.Pulse(_waiting);
        }
        await Task.Run(_thread.Join);
    }
}

/// <summary>What became of a commit handed to the <see cref="CommitPump"/>.</summary>
public enum CommitOutcome : byte
{
    /// <summary>It is durable.</summary>
    Committed,
    /// <summary>It did not happen, and nothing after it on this epoch will: take the feed again, reload, decide again.</summary>
    Fenced,
    /// <summary>The store failed: it may or may not have happened. Take the feed again and reload.</summary>
    Unavailable,
    /// <summary>Too much is waiting, or the pump is stopping: nothing happened.</summary>
    Overloaded,
}

/// <summary>How much the pump takes at once, and how much may wait for it.</summary>
public sealed record CommitPumpOptions
{
    /// <summary>Most commits in one transaction.</summary>
    public int TransactionCommits { get; init; } = 512;

    /// <summary>Bytes of data and history after which a transaction takes no more.</summary>
    public long TransactionBytes { get; init; } = 4 << 20;

    /// <summary>Most commits that wait; more are answered as overloaded.</summary>
    public int WaitingCommits { get; init; } = 20_000;
}
