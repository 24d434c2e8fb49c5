using OrleansSync.Protocol;

namespace OrleansSync.Storage.Sqlite;

/// <summary>The rows of records: their state, and with it their place in the feed. Belongs to the writing connection.</summary>
internal sealed class RecordRows(Database database)
{
    private readonly Statement _head = database.Prepare("""
        select key, version, last, entry, seq is not null, data is not null, conflict_since is not null, conflict
        from records where collection = ? and id = ?
        """);
    private readonly Statement _insert = database.Prepare("""
        insert into records(feed, seq, version, timestamp, author, client, write, tombstone_at, merge, data, hidden, last, entry,
                            collection, id)
        values(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
        """);
    private readonly Statement _version = database.Prepare("""
        update records set feed = ?, seq = ?, version = ?, timestamp = ?, author = ?, client = ?, write = ?, tombstone_at = ?,
                           merge = ?, data = ?, hidden = ?, last = ?, entry = ?
        where key = ?
        """);
    private readonly Statement _quiet = database.Prepare("""
        update records set version = ?, timestamp = ?, author = ?, client = ?, merge = ?, data = ?, hidden = ?, last = ?, entry = ?
        where key = ?
        """);
    private readonly Statement _entryOnly = database.Prepare("update records set last = ?, entry = ? where key = ?");
    private readonly Statement _crowded = database.Prepare("update records set sweep_at = 0 where key = ? and sweep_at is null");
    private readonly ConflictRows _conflicts = new(database);

    public RecordHead? FindHead(long collection, string id)
    {
        RecordHead? head = _head.Bind(1, collection).Bind(2, id).Step()
            ? new(
                _head.Long(0), _head.Long(1), _head.Long(2), _head.Long(3), _head.Long(4) != 0, _head.Long(5) != 0, _head.Long(6) != 0,
                ConflictRows.ReadMark(_head, 7))
            : null;
        _head.Reset();
        return head;
    }

    /// <summary>Writes the row of a checked commit and answers its key.</summary>
    public long Write(FeedRow feed, RecordHead? known, RecordCommit commit, long entry)
    {
        var record = known?.Key ?? Insert(feed, commit, entry);
        if (known is not null)
            Update(feed, record, commit, entry);
        // By itself, and only where there is one or was one: writes without a conflict pay nothing for it.
        if (commit.State is { View.Conflict: { } conflict })
            _conflicts.Write(record, known?.Mark, conflict);
        else if (commit.State is not null && known is { Conflicted: true })
            _conflicts.Settle(record);
        if (HistoryRetention.MayBeCrowded(commit.Entry.Number))
            _crowded.Bind(1, record).Run();
        return record;
    }

    private long Insert(FeedRow feed, RecordCommit commit, long entry)
    {
        if (commit.State is { } state)
            BindVersion(_insert, feed, commit, state);
        else
            BindNothing(_insert);
        _insert.Bind(12, commit.Entry.Number).Bind(13, entry).Bind(14, feed.Collection).Bind(15, commit.RecordId).Run();
        return database.LastKey;
    }

    private void Update(FeedRow feed, long record, RecordCommit commit, long entry)
    {
        if (commit.State is not { } state)
            _entryOnly.Bind(1, commit.Entry.Number).Bind(2, entry).Bind(3, record).Run();
        else if (commit.Seq != 0)
        {
            BindVersion(_version, feed, commit, state);
            _version.Bind(12, commit.Entry.Number).Bind(13, entry).Bind(14, record).Run();
        }
        else
        {
            var view = state.View;
            _quiet.Bind(1, view.Version).Bind(2, view.Timestamp.Ticks).Bind(3, view.Author).Bind(4, view.Client)
                .Bind(5, state.Merge).Bind(6, view.Data).Bind(7, Hidden(state))
                .Bind(8, commit.Entry.Number).Bind(9, entry).Bind(10, record).Run();
        }
    }

    private static void BindVersion(Statement statement, FeedRow feed, RecordCommit commit, RecordState state)
    {
        var view = state.View;
        var placed = commit.Seq != 0;
        statement.Bind(1, placed ? feed.Key : null).Bind(2, placed ? commit.Seq : null)
            .Bind(3, view.Version).Bind(4, view.Timestamp.Ticks).Bind(5, view.Author).Bind(6, view.Client).Bind(7, state.Write)
            .Bind(8, placed && view.Deleted ? commit.Entry.RecordedAt.Ticks : null)
            .Bind(9, state.Merge).Bind(10, view.Data).Bind(11, Hidden(state));
    }

    private static void BindNothing(Statement statement)
    {
        statement.Bind(1, (long?)null).Bind(2, (long?)null).Bind(3, 0).Bind(4, 0).Bind(5, "").Bind(6, (string?)null).Bind(7, (string?)null)
            .Bind(8, (long?)null).Bind(9, (byte[]?)null).Bind(10, (byte[]?)null).Bind(11, (byte[]?)null);
    }

    /// <summary>A live record's data is kept once.</summary>
    private static byte[]? Hidden(RecordState state) => state.View.Deleted ? state.Data : null;
}

/// <summary>What a commit must know of a record's row.</summary>
/// <param name="Placed">It has a place in the feed.</param>
/// <param name="Live">It has data that is shown.</param>
/// <param name="Conflicted">It has an open conflict.</param>
/// <param name="Mark">How far that has come; null also when the row does not say.</param>
internal readonly record struct RecordHead(
    long Key, long Version, long LastNumber, long NewestEntry, bool Placed, bool Live, bool Conflicted, ConflictMark? Mark)
{
    /// <summary>A tombstone that is still in the feed: a forgotten one counts no more.</summary>
    public bool Tombstone => Placed && !Live;
}
