using Npgsql;
using OrleansSync.Protocol;

namespace OrleansSync.Storage.Postgres;

/// <summary>Reads feeds: the record rows, by their places.</summary>
internal static class FeedReads
{
    // What would not fit a part is not sent at all: its size is known before it is read. Of a tombstone with an open conflict also what it
    // hides: whom the conflict concerns is asked of that.
    private const string Entries = $"""
        select {RecordColumns.Names}, r.seq, r.write, case when r.data is null and r.conflict_since is not null then r.hidden end, r.part
        from (
            select *, sum(coalesce(octet_length(data), 0) + coalesce(octet_length(conflict), 0))
                over (order by seq rows between unbounded preceding and 1 preceding) as before,
                count(*) over () as part
            from (select * from records where feed = $1 and seq > $2 order by seq limit $3) found) r
        where r.before is null or r.before < $4
        order by r.seq
        """;

    public static async Task<FeedEntries> Read(Session session, string collection, int partition, long after, int limit)
    {
        var feed = await session.Row(
            "select f.key from feeds f join collections c on c.key = f.collection where c.name = $1 and f.partition = $2",
            row => (long?)row.GetInt64(0),
            Value.Of(collection),
            Value.Of(partition));
        if (feed is not { } key)
            return new([], false);
        var found = 0L;
        var entries = await session.Rows(
            Entries,
            row =>
            {
                found = row.GetInt64(RecordColumns.Count + 3);
                return ReadEntry(row);
            },
            Value.Of(key),
            Value.Of(after),
            Value.Of(limit),
            Value.Of(FeedEntries.MostBytes));
        return new(entries, found == limit || found > entries.Count);
    }

    private static FeedEntry ReadEntry(NpgsqlDataReader row) => new()
    {
        Record = RecordColumns.ReadVersion(row),
        Seq = row.GetInt64(RecordColumns.Count),
        Write = row.TextOrNull(RecordColumns.Count + 1),
        Before = row.BytesOrNull(RecordColumns.Count + 2),
    };
}
