using System.Collections.Concurrent;
using System.Threading.Tasks.Sources;
using OrleansSync.Protocol;

namespace OrleansSync.Storage;

/// <summary>A commit on its way through the pump, and the answer its caller awaits. Used again and again: one allocation per commit less.</summary>
internal sealed class WaitingCommit : IValueTaskSource<CommitOutcome>
{
    private const int MostSpare = 4096;

    private static readonly ConcurrentQueue<WaitingCommit> Spare = new();

    // Callers go on on their own scheduler, never on the pump's thread.
    private ManualResetValueTaskSourceCore<CommitOutcome> _answer = new() { RunContinuationsAsynchronously = true };

    public FeedPartition Feed { get; private set; }
    public long Epoch { get; private set; }
    public long ExpectedHead { get; private set; }
    public long NewHead { get; private set; }
    public RecordCommit Commit { get; private set; } = null!;

    /// <summary>Who is told before the caller is.</summary>
    public IFeedCommits? Told { get; private set; }

    /// <summary>About how many bytes it adds to a transaction.</summary>
    public long Size { get; private set; }

    public ValueTask<CommitOutcome> Outcome => new(this, _answer.Version);

    public static WaitingCommit Rent(FeedPartition feed, long epoch, long expectedHead, long newHead, RecordCommit commit, IFeedCommits? told)
    {
        var waiting = Spare.TryDequeue(out var spare) ? spare : new();
        waiting.Feed = feed;
        waiting.Epoch = epoch;
        waiting.ExpectedHead = expectedHead;
        waiting.NewHead = newHead;
        waiting.Commit = commit;
        waiting.Told = told;
        waiting.Size = SizeOf(commit);
        return waiting;
    }

    public void Answer(CommitOutcome outcome) => _answer.SetResult(outcome);

    /// <summary>Was never handed to anybody.</summary>
    public void Abandon()
    {
        _answer.Reset();
        Commit = null!;
        Told = null;
        if (Spare.Count < MostSpare)
            Spare.Enqueue(this);
    }

    CommitOutcome IValueTaskSource<CommitOutcome>.GetResult(short token)
    {
        var outcome = _answer.GetResult(token);
        Abandon();
        return outcome;
    }

    ValueTaskSourceStatus IValueTaskSource<CommitOutcome>.GetStatus(short token) => _answer.GetStatus(token);

    void IValueTaskSource<CommitOutcome>.OnCompleted(
        Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _answer.OnCompleted(continuation, state, token, flags);

    private static long SizeOf(RecordCommit commit)
    {
        long size = 256;
        if (commit.State is { } state)
            size += (state.View.Data?.Length ?? state.Data?.Length ?? 0) + state.Merge.Length + (state.View.Conflict?.Bytes ?? 0);
        var entry = commit.Entry;
        return size + SizeOf(entry.Changes) + SizeOf(entry.Wanted) + (entry.Settlement?.Conflict.Bytes ?? 0);
    }

    private static long SizeOf(IReadOnlyList<PathChange> changes)
    {
        long size = 0;
        for (var i = 0; i < changes.Count; i++)
            size += (changes[i].From?.Length ?? 0) + (changes[i].To?.Length ?? 0);
        return size;
    }
}

/// <summary>A feed partition, as the pump tells them apart.</summary>
internal readonly record struct FeedPartition(string Collection, int Partition);
