using OrleansSync.Protocol;

namespace OrleansSync.Storage.Postgres;

/// <summary>Has history entries forget what they say of the data; their write ids stay.</summary>
internal static class HistoryBlanks
{
    private const int SliceRows = 500;

    private const string Columns = "h.id, h.number, h.version, h.recorded_at, h.outcome, h.entry";

    private const string Some = $"""
        select {Columns} from unnest($2::text[], $3::bigint[]) as i(id, number)
        join history h on h.collection = $1 and h.id = i.id and h.number = i.number
        """;

    private const string Below = $"""
        select {Columns} from history h where h.collection = $1 and h.id = $2 and h.number < $3 and not h.forgotten
        order by h.number desc limit $4
        """;

    private const string Write = """
        update history h set entry = i.entry, forgotten = true from unnest($2::text[], $3::bigint[], $4::bytea[]) as i(id, number, entry)
        where h.collection = $1 and h.id = i.id and h.number = i.number
        """;

    /// <summary>These entries.</summary>
    public static async Task Of(Session session, long collection, List<string> ids, List<long> numbers)
    {
        for (var from = 0; from < ids.Count; from += SliceRows)
        {
            var count = Math.Min(SliceRows, ids.Count - from);
            await Blank(session, collection, await session.Rows(
                Some, Read, Value.Of(collection), Value.Of(ids.GetRange(from, count)), Value.Of(numbers.GetRange(from, count))));
        }
    }

    /// <summary>All entries of a record below a number.</summary>
    public static async Task AllBelow(Session session, long collection, string id, long number)
    {
        while (true)
        {
            var rows = await session.Rows(
                Below, Read, Value.Of(collection), Value.Of(id), Value.Of(number), Value.Of(SliceRows));
            await Blank(session, collection, rows);
            if (rows.Count < SliceRows)
                return;
            number = rows[^1].Entry.Number;
        }
    }

    private static Task Blank(Session session, long collection, List<(string Id, HistoryEntry Entry)> rows)
    {
        var column = new ColumnWriter();
        return session.Do(
            Write,
            Value.Of(collection),
            Value.Of(rows.ConvertAll(row => row.Id)),
            Value.Of(rows.ConvertAll(row => row.Entry.Number)),
            Value.Of(rows.ConvertAll(row => Bytes(column, EntryColumn.Blank(row.Entry)))));
    }

    private static (string Id, HistoryEntry Entry) Read(Npgsql.NpgsqlDataReader row) => (
        row.GetString(0),
        EntryColumn.Read(
            row.GetFieldValue<byte[]>(5), new(row.GetInt64(1), row.GetInt64(2), new(row.GetInt64(3)), (Outcome)row.GetInt16(4))));

    private static byte[] Bytes(ColumnWriter column, HistoryEntry entry)
    {
        column.Clear();
        EntryColumn.Write(column, entry);
        return column.Written.ToArray();
    }
}
