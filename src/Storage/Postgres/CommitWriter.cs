using Npgsql;

namespace OrleansSync.Storage.Postgres;

/// <summary>
/// Writes feed batches: what is decided becomes what happened. All statements of a transaction go to the server together, and it answers once: on
/// their way nothing waits for this process.
/// </summary>
internal sealed class CommitWriter
{
    // Paths can come and go while a commit is on its way; that often in a row they do not.
    private const int MostTries = 5;

    private readonly Lock _turn = new();
    private readonly KnownFeeds _feeds = new();
    private readonly KnownConflicts _conflicts = new();
    private readonly ColumnWriter _column = new();

    /// <summary>One transaction for all; where one is refused, one for each, so that the others are not affected.</summary>
    public bool[] Commit(NpgsqlConnection connection, IReadOnlyList<FeedBatch> batches, CancellationToken cancel)
    {
        var accepted = new bool[batches.Count];
        lock (_turn)
        {
            if (TryCommit(connection, batches, cancel))
                Array.Fill(accepted, true);
            else if (batches.Count > 1)
                for (var i = 0; i < batches.Count; i++)
                    accepted[i] = TryCommit(connection, [batches[i]], cancel);
        }
        return accepted;
    }

    private bool TryCommit(NpgsqlConnection connection, IReadOnlyList<FeedBatch> batches, CancellationToken cancel)
    {
        var plainly = true;
        for (var tries = 1; ; tries++)
        {
            if (Draft(connection, batches) is not { } draft)
                return false;
            try
            {
                Send(connection, draft, plainly, cancel);
                _conflicts.See(draft);
                return true;
            }
            catch (PostgresException failure) when (Failure.IsRefusal(failure))
            {
                return false;
            }
            catch (PostgresException failure) when (failure.SqlState == Failure.NotPlain)
            {
                // Or it is not the version that is expected: the other way finds out.
                plainly = false;
            }
            catch (PostgresException failure) when (failure.SqlState == Failure.OtherIndexes && tries < MostTries)
            {
                _feeds.Forget(batches);
            }
        }
    }

    /// <summary>Null when a batch is refused as it is.</summary>
    private CommitDraft? Draft(NpgsqlConnection connection, IReadOnlyList<FeedBatch> batches)
    {
        var draft = new CommitDraft();
        foreach (var batch in batches)
            if (_feeds.Find(connection, batch) is not { } feed || !draft.TryAdd(feed, batch))
                return null;
        return draft;
    }

    private void Send(NpgsqlConnection connection, CommitDraft draft, bool plainly, CancellationToken cancel)
    {
        var kinds = draft.Records.ToLookup(record => plainly && record.IsPlain);
        var purges = draft.Records.Any(record => record.PurgedBelow > 0);
        using var transaction = purges ? connection.BeginTransaction() : null;
        // Without a transaction around it, the batch is one.
        using var batch = new NpgsqlBatch(connection);
        FeedRows.Add(batch, draft);
        PlainEdits.Add(batch, [.. kinds[true]]);
        RecordRows.Add(batch, [.. kinds[false]], _conflicts, _column);
        HistoryRows.Add(batch, draft, _column);
        AddIndex(batch, draft);
        using (cancel.UnsafeRegister(sent => ((NpgsqlBatch)sent!).Cancel(), batch))
        {
            batch.Prepare();
            batch.ExecuteNonQuery();
        }
        if (transaction is null)
            return;
        Purge(new(connection, cancel), draft).GetAwaiter().GetResult();
        transaction.Commit();
    }

    private static async Task Purge(Session session, CommitDraft draft)
    {
        foreach (var record in draft.Records)
            if (record.PurgedBelow > 0)
                await HistoryBlanks.AllBelow(session, record.Row.Collection, record.Id, record.ExpectedLast + 1);
    }

    private static void AddIndex(NpgsqlBatch batch, CommitDraft draft)
    {
        var index = new FieldIndex();
        foreach (var record in draft.Records)
            if (record.State is { } state)
                index.Move(record.Row.Paths, record.Id, state.View.Data);
        if (index.Drops)
            batch.Add(FieldIndex.Drop, index.DropValues());
        if (index.Puts)
            batch.Add(FieldIndex.Put, index.PutValues());
    }
}

internal static class BatchExtensions
{
    /// <summary>Adds a statement, to be sent with the others.</summary>
    public static void Add(this NpgsqlBatch batch, string sql, params NpgsqlParameter[] values)
    {
        var command = new NpgsqlBatchCommand(sql);
        command.Parameters.AddRange(values);
        batch.BatchCommands.Add(command);
    }
}
