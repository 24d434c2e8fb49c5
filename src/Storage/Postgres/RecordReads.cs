using Npgsql;
using OrleansSync.Protocol;

namespace OrleansSync.Storage.Postgres;

/// <summary>Reads single records: what the next write is decided against, their history, their remembered writes.</summary>
internal static class RecordReads
{
    private const string OfRecord = "h.collection = (select key from collections where name = $1) and h.id = $2";

    // One statement, so that the writes are those of the state. Which of them are remembered, the reader decides; this leaves out what cannot be.
    private const string Whole = $"""
        select {RecordColumns.Names}, r.last, r.write, r.merge, r.hidden, w.hashes, w.instants
        from records r join collections c on c.key = r.collection
        cross join lateral (
            select array_agg(n.hash order by n.number desc) as hashes, array_agg(n.recorded_at order by n.number desc) as instants
            from (
                select h.number, h.hash, h.recorded_at, row_number() over (order by h.number desc) as place
                from history h where h.collection = r.collection and h.id = r.id and h.hash is not null
                order by h.number desc limit $3) n
            where n.place <= $4 or n.recorded_at > $5) w
        where c.name = $1 and r.id = $2
        """;

    // Of rejected ones only the last hundred.
    private const string History = $"""
        select h.number, h.version, h.recorded_at, h.outcome, h.entry from history h
        where {OfRecord} and h.number < $3 and (h.outcome <> $4 or h.number >= coalesce((
            select n.number from history n where n.collection = h.collection and n.id = h.id and n.outcome = $4
            order by n.number desc offset $5 limit 1), 0))
        order by h.number desc limit $6
        """;

    private const string Named = $"""
        select h.number, h.version, h.recorded_at, h.outcome, h.entry from history h
        where {OfRecord} and h.hash = $3 order by h.number desc
        """;

    public static Task<StoredRecord?> Read(Session session, string collection, string id, Timestamp now) => session.Row(
        Whole,
        row => ReadRecord(row, now),
        Value.Of(collection),
        Value.Of(id),
        Value.Of(HistoryRetention.MostRemembered),
        Value.Of(HistoryRetention.AlwaysRemembered),
        Value.Of(now.Ticks - HistoryRetention.RememberedFor.Ticks));

    public static async Task<IReadOnlyList<HistoryEntry>> ReadHistory(
        Session session, string collection, string id, long before, int limit) => await session.Rows(
            History,
            ReadEntry,
            Value.Of(collection),
            Value.Of(id),
            Value.Of(before),
            Value.Of((long)Outcome.Rejected),
            Value.Of(HistoryRetention.RejectedShown - 1),
            Value.Of(limit));

    public static async Task<HistoryEntry?> ReadWrite(Session session, string collection, string id, string author, string write)
    {
        var found = await session.Rows(Named, ReadEntry, Value.Of(collection), Value.Of(id), Value.Of(WriteHash.Of(author, write)));
        return found.Find(entry => entry.Author == author && entry.Write == write);
    }

    private static HistoryEntry ReadEntry(NpgsqlDataReader row) => EntryColumn.Read(
        row.GetFieldValue<byte[]>(4), new(row.GetInt64(0), row.GetInt64(1), new(row.GetInt64(2)), (Outcome)row.GetInt16(3)));

    private static StoredRecord ReadRecord(NpgsqlDataReader row, Timestamp now) => new(
        row.IsDBNull(RecordColumns.Count + 2) ? null : ReadState(row),
        row.GetInt64(RecordColumns.Count),
        row.IsDBNull(RecordColumns.Count + 4)
            ? []
            : Remembered(row.GetFieldValue<long[]>(RecordColumns.Count + 4), row.GetFieldValue<long[]>(RecordColumns.Count + 5), now));

    private static RecordState ReadState(NpgsqlDataReader row)
    {
        var view = RecordColumns.ReadVersion(row);
        return new()
        {
            View = view,
            Data = view.Data ?? row.BytesOrNull(RecordColumns.Count + 3),
            Merge = row.GetFieldValue<byte[]>(RecordColumns.Count + 2),
            Write = row.TextOrNull(RecordColumns.Count + 1),
        };
    }

    /// <summary>Takes them newest first and answers them oldest first.</summary>
    private static List<RememberedWrite> Remembered(long[] hashes, long[] instants, Timestamp now)
    {
        var writes = new List<RememberedWrite>(hashes.Length);
        for (var i = 0; i < hashes.Length && HistoryRetention.Remembers(i, new(instants[i]), now); i++)
            writes.Add(new(hashes[i], new(instants[i])));
        writes.Reverse();
        return writes;
    }
}
