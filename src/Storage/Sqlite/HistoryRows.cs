using OrleansSync.Protocol;

namespace OrleansSync.Storage.Sqlite;

/// <summary>Walks a record's history from newest to oldest, one row at a time.</summary>
internal sealed class HistoryRows(Database database)
{
    private readonly Statement _find = database.Prepare("""
        select record, number, previous, version, recorded_at, outcome, hash, entry from history where key = ?
        """);

    /// <summary>
    /// The row of the record with this key, or null at the end of its history: what the sweep took is simply not there any more. The row stays
    /// open for <see cref="ReadEntry"/> until the next find or <see cref="Leave"/>.
    /// </summary>
    public HistoryRow? Find(long record, long key)
    {
        _find.Reset();
        if (key == 0 || !_find.Bind(1, key).Step() || _find.Long(0) != record)
        {
            _find.Reset();
            return null;
        }
        return new(key, _find.Long(1), _find.Long(2), _find.Long(3), new(_find.Long(4)), (Outcome)_find.Long(5), _find.LongOrNull(6));
    }

    /// <summary>The whole entry of the row found last.</summary>
    public HistoryEntry ReadEntry(HistoryRow row) =>
        EntryColumn.Read(_find.Span(7), new(row.Number, row.Version, row.RecordedAt, row.Outcome));

    public void Leave() => _find.Reset();
}

/// <summary>A history row without its entry.</summary>
/// <param name="Previous">The key of the entry before; 0 = this is the first.</param>
/// <param name="Hash">The write's <see cref="WriteHash"/>; null when it had no id.</param>
internal readonly record struct HistoryRow(
    long Key, long Number, long Previous, long Version, Timestamp RecordedAt, Outcome Outcome, long? Hash);
