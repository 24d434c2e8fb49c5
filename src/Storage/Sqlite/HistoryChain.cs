using OrleansSync.Protocol;

namespace OrleansSync.Storage.Sqlite;

/// <summary>Appends to the histories of records. Belongs to the writing connection.</summary>
internal sealed class HistoryChain(Database database)
{
    private readonly Statement _newest = database.Prepare("select max(key) from history");
    private readonly Statement _append = database.Prepare("""
        insert into history(key, record, number, previous, version, recorded_at, outcome, hash, entry)
        values(?, ?, ?, ?, ?, ?, ?, ?, ?)
        """);
    private readonly HistoryTrim _trim = new(database);
    private readonly ColumnWriter _column = new();

    /// <summary>The key the next entry gets: keys rise in commit order.</summary>
    public long NextKey { get; private set; }

    /// <summary>Starts a transaction: another process may have appended since the last one.</summary>
    public void Begin()
    {
        _newest.Step();
        NextKey = _newest.Long(0) + 1;
        _newest.Reset();
    }

    public void Append(long record, long previous, HistoryEntry entry)
    {
        _column.Clear();
        EntryColumn.Write(_column, entry);
        _append.Bind(1, NextKey).Bind(2, record).Bind(3, entry.Number).Bind(4, previous)
            .Bind(5, entry.Version).Bind(6, entry.RecordedAt.Ticks).Bind(7, (long)entry.Outcome)
            .Bind(8, entry.Write is null ? null : WriteHash.Of(entry.Author, entry.Write))
            .Bind(9, _column.Written).Run();
        NextKey++;
    }

    /// <summary>Forgets what the entries from <paramref name="newest"/> on back say of the data; their write ids stay.</summary>
    public void Purge(long record, long newest) => _trim.BlankAll(record, newest);
}
