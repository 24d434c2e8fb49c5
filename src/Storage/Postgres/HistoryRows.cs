using Npgsql;

namespace OrleansSync.Storage.Postgres;

/// <summary>The history entries of a transaction.</summary>
internal static class HistoryRows
{
    private static readonly string Rows = ArrayRows.Of(
        ("collection", "bigint"), ("id", "text"), ("number", "bigint"), ("version", "bigint"), ("recorded_at", "bigint"), ("outcome", "smallint"),
        ("hash", "bigint"), ("forgotten", "boolean"), ("entry", "bytea"));

    private static readonly string Append =
        $"insert into history(collection, id, number, version, recorded_at, outcome, hash, forgotten, entry) select * from {Rows} i";

    public static void Add(NpgsqlBatch batch, CommitDraft draft, ColumnWriter column)
    {
        var count = draft.Entries.Count;
        var (collections, ids, numbers, versions) = (new List<long>(count), new List<string>(count), new List<long>(count), new List<long>(count));
        var (recorded, outcomes, hashes) = (new List<long>(count), new List<short>(count), new List<long?>(count));
        var (forgotten, entries) = (new List<bool>(count), new List<byte[]>(count));
        foreach (var (record, entry) in draft.Entries)
        {
            collections.Add(record.Row.Collection);
            ids.Add(record.Id);
            numbers.Add(entry.Number);
            versions.Add(entry.Version);
            recorded.Add(entry.RecordedAt.Ticks);
            outcomes.Add((short)entry.Outcome);
            hashes.Add(entry.Write is null ? null : WriteHash.Of(entry.Author, entry.Write));
            forgotten.Add(entry.Forgotten);
            column.Clear();
            EntryColumn.Write(column, entry);
            entries.Add(column.Written.ToArray());
        }
        batch.Add(
            Append,
            Value.Of(collections), Value.Of(ids), Value.Of(numbers), Value.Of(versions),
            Value.Of(recorded), Value.Of(outcomes), Value.Of(hashes), Value.Of(forgotten), Value.Of(entries));
    }
}
