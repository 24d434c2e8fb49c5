namespace OrleansSync.Storage;

/// <summary>What goes into one transaction of the pump: gathers commits into a batch per feed, and hands the answers back. For the pump's thread.</summary>
internal sealed class PumpRound(CommitPumpOptions options)
{
    private readonly List<WaitingCommit> _taken = [];
    private readonly List<OpenBatch> _batches = [];
    private readonly Dictionary<FeedPartition, OpenBatch> _newest = [];

    // The epoch up to which a feed's commits are refused, since one of them was not committed. Until the feed is taken again.
    private readonly Dictionary<FeedPartition, long> _broken = [];
    private long _size;

    public int Count => _taken.Count;

    public bool Takes(WaitingCommit next) =>
        _taken.Count == 0 || (_taken.Count < options.TransactionCommits && _size + next.Size <= options.TransactionBytes);

    public void Add(WaitingCommit commit)
    {
        _taken.Add(commit);
        _size += commit.Size;
    }

    /// <summary>The batches to commit, in order. What cannot be committed any more is answered at once.</summary>
    public IReadOnlyList<FeedBatch> Batches()
    {
        foreach (var commit in _taken)
            Place(commit);
        var batches = new FeedBatch[_batches.Count];
        for (var i = 0; i < batches.Length; i++)
            batches[i] = _batches[i].ToFeedBatch();
        return batches;
    }

    public void Answer(IReadOnlyList<bool> accepted)
    {
        for (var i = 0; i < _batches.Count; i++)
        {
            if (!accepted[i])
                Break(_batches[i].Feed, _batches[i].Epoch);
            var count = _batches[i].Answer(accepted[i] ? CommitOutcome.Committed : CommitOutcome.Fenced);
            (accepted[i] ? StorageMeter.Committed : StorageMeter.Refused).Add(count);
        }
    }

    public void AnswerUnavailable()
    {
        foreach (var batch in _batches)
        {
            Break(batch.Feed, batch.Epoch);
            batch.Answer(CommitOutcome.Unavailable);
        }
    }

    public void Clear()
    {
        _taken.Clear();
        _batches.Clear();
        _newest.Clear();
        _size = 0;
    }

    private void Place(WaitingCommit commit)
    {
        if (IsBroken(commit))
        {
            commit.Told?.Lost(commit.Epoch, CommitOutcome.Fenced);
            commit.Answer(CommitOutcome.Fenced);
            StorageMeter.Refused.Add(1);
            return;
        }
        if (_newest.TryGetValue(commit.Feed, out var batch) && batch.Epoch == commit.Epoch)
        {
            if (batch.TryAdd(commit))
                return;
            // A gap: one between was refused before it came here. Neither this one nor any after it can be in order.
            Break(commit.Feed, commit.Epoch);
            commit.Told?.Lost(commit.Epoch, CommitOutcome.Fenced);
            commit.Answer(CommitOutcome.Fenced);
            return;
        }
        batch = new(commit);
        _batches.Add(batch);
        _newest[commit.Feed] = batch;
    }

    private bool IsBroken(WaitingCommit commit)
    {
        if (_broken.Count == 0 || !_broken.TryGetValue(commit.Feed, out var epoch))
            return false;
        if (commit.Epoch <= epoch)
            return true;
        _broken.Remove(commit.Feed);
        return false;
    }

    private void Break(FeedPartition feed, long epoch)
    {
        if (!_broken.TryGetValue(feed, out var known) || known < epoch)
            _broken[feed] = epoch;
    }

    private sealed class OpenBatch(WaitingCommit first)
    {
        private readonly List<WaitingCommit> _commits = [first];
        private long _head = first.NewHead;

        public FeedPartition Feed { get; } = first.Feed;
        public long Epoch { get; } = first.Epoch;
        private long ExpectedHead { get; } = first.ExpectedHead;

        public bool TryAdd(WaitingCommit commit)
        {
            if (commit.ExpectedHead != _head)
                return false;
            _head = commit.NewHead;
            _commits.Add(commit);
            return true;
        }

        public FeedBatch ToFeedBatch()
        {
            var commits = new RecordCommit[_commits.Count];
            for (var i = 0; i < commits.Length; i++)
                commits[i] = _commits[i].Commit;
            return new(Feed.Collection, Feed.Partition, Epoch, ExpectedHead, _head, commits);
        }

        public int Answer(CommitOutcome outcome)
        {
            if (outcome == CommitOutcome.Committed)
                first.Told?.Committed(Epoch, _commits.Count);
            else
                first.Told?.Lost(Epoch, outcome);
            foreach (var commit in _commits)
                commit.Answer(outcome);
            return _commits.Count;
        }
    }
}
