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
        var (head, recordsDelta, tombstonesDelta) = (batch.ExpectedHead, 0, 0);
        foreach (var commit in batch.Commits)
        {
            if (!PlaceFits(commit, ref head) || !Apply(feed, commit))
                return false;
            recordsDelta += commit.RecordsDelta;
            tombstonesDelta += commit.TombstonesDelta;
        }
        if (head > batch.NewHead)
            return false;
        if (batch.NewHead != batch.ExpectedHead || recordsDelta != 0 || tombstonesDelta != 0)
            feeds.Move(feed, batch.NewHead, recordsDelta, tombstonesDelta);
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

    private bool Apply(FeedRow feed, RecordCommit commit)
    {
        var found = records.FindHead(feed.Collection, commit.RecordId);
        var before = found ?? default;
        if (before.Version != commit.ExpectedVersion || before.LastNumber != commit.Entry.Number - 1)
            return false;

        var entry = history.NextKey;
        var record = records.Write(feed, found?.Key, commit, entry);
        history.Append(record, before.NewestEntry, commit.Entry);
        if (commit.State is { } state)
            index.Move(record, found is not null, state.View);
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
