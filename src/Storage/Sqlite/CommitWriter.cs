using OrleansSync.Protocol;

namespace OrleansSync.Storage.Sqlite;

/// <summary>Writes feed batches: what is decided becomes what happened. Belongs to the writing connection.</summary>
internal sealed class CommitWriter(
    Database database, FeedTable feeds, RecordRows records, HistoryChain history, FieldIndex index)
{
    /// <summary>One transaction for all; where one is refused, one for each, so that the others are not affected.</summary>
    public bool[] Commit(IReadOnlyList<FeedBatch> batches)
    {
        var accepted = new bool[batches.Count];
        if (TryCommit(batches, 0, batches.Count))
            Array.Fill(accepted, true);
        else if (batches.Count > 1)
            for (var i = 0; i < batches.Count; i++)
                accepted[i] = TryCommit(batches, i, 1);
        return accepted;
    }

    private bool TryCommit(IReadOnlyList<FeedBatch> batches, int first, int count)
    {
        database.BeginWrite();
        try
        {
            history.Begin();
            for (var i = first; i < first + count; i++)
            {
                if (Apply(batches[i]))
                    continue;
                database.Rollback();
                return false;
            }
            database.Commit();
            return true;
        }
        catch (SqliteFailure failure) when (failure.IsConstraint)
        {
            database.Rollback();
            return false;
        }
        catch
        {
            RollbackQuietly();
            throw;
        }
    }

    private bool Apply(FeedBatch batch)
    {
        if (feeds.Find(batch.Collection, batch.Partition) is not { } feed
            || !feeds.Holds(feed, batch.Epoch, batch.ExpectedHead))
            return false;

        index.Begin(feed.Collection);
        var (head, counts) = (batch.ExpectedHead, default(FeedCounts));
        foreach (var commit in batch.Commits)
        {
            if (!PlaceFits(commit, ref head) || !Apply(feed, commit, ref counts))
                return false;
        }
        if (head > batch.NewHead)
            return false;
        if (batch.NewHead != batch.ExpectedHead || counts != default)
            feeds.Move(feed, batch.NewHead, counts);
        return true;
    }

    private static bool PlaceFits(RecordCommit commit, ref long head)
    {
        if (commit.Seq == 0)
            return true;
        var rises = commit.Seq > head;
        head = commit.Seq;
        return rises;
    }

    private bool Apply(FeedRow feed, RecordCommit commit, ref FeedCounts counts)
    {
        var found = records.FindHead(feed.Collection, commit.RecordId);
        var before = found ?? default;
        if (before.Version != commit.ExpectedVersion || before.LastNumber != commit.Entry.Number - 1)
            return false;

        index.See(found?.Key);
        var entry = history.NextKey;
        var record = records.Write(feed, found, commit, entry);
        history.Append(record, before.NewestEntry, commit.Entry);
        if (commit.State is { } state)
        {
            index.Move(record, state.View);
            counts = counts.Moved(before, state.View, commit.Seq != 0);
        }
        if (commit.Purge)
            history.Purge(record, before.NewestEntry);
        return true;
    }

    private void RollbackQuietly()
    {
        try
        {
            database.Rollback();
        }
        catch (SqliteFailure)
        {
            // The first failure is the one to tell; the next transaction meets this one again if it lasts.
        }
    }
}

/// <summary>How commits move the counts of a feed. Counted from what the store holds, so that it stays right when a tombstone was forgotten.</summary>
internal readonly record struct FeedCounts(int Records, int Tombstones, int Conflicts)
{
    public FeedCounts Moved(RecordHead before, RecordVersion after, bool placed)
    {
        var (live, tombstone) = (!after.Deleted, after.Deleted && (placed || before.Placed));
        return new(
            Records + One(live) - One(before.Live),
            Tombstones + One(tombstone) - One(before.Tombstone),
            Conflicts + One(after.Conflict is not null) - One(before.Conflicted));
    }

    private static int One(bool counts) => counts ? 1 : 0;
}
