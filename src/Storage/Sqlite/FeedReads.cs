using OrleansSync.Protocol;

namespace OrleansSync.Storage.Sqlite;

/// <summary>Reads feeds: the record rows, by their places.</summary>
internal sealed class FeedReads(Database database)
{
    private const string Feed = """
        from feeds f join collections c on c.key = f.collection
        """;

    private readonly Statement _place = database.Prepare(
        $"select f.incarnation, f.head, f.floor {Feed} where c.name = ? and f.partition = ?");
    private readonly Statement _key = database.Prepare($"select f.key {Feed} where c.name = ? and f.partition = ?");
    // Of a tombstone with an open conflict also what it hides: whom the conflict concerns is asked of that.
    private readonly Statement _entries = database.Prepare($"""
        select r.seq, {RecordColumns.Names}, r.write,
            case when r.data is null and r.conflict_since is not null then r.hidden end, {ConflictRows.Columns}
        from records r where r.feed = ? and r.seq > ? order by r.seq limit ?
        """);

    public FeedPlace? ReadPlace(string collection, int partition)
    {
        var place = _place.Bind(1, collection).Bind(2, partition).Step()
            ? new FeedPlace(_place.Text(0), _place.Long(1), _place.Long(2))
            : null;
        _place.Reset();
        return place;
    }

    public FeedEntries Read(string collection, int partition, long after, int limit)
    {
        var entries = new List<FeedEntry>(Math.Min(limit, 128));
        if (!_key.Bind(1, collection).Bind(2, partition).Step())
            return new(entries, false);
        var feed = _key.Long(0);
        _key.Reset();
        _entries.Bind(1, feed).Bind(2, after).Bind(3, limit);
        var bytes = 0L;
        while (bytes < FeedEntries.MostBytes && _entries.Step())
        {
            var record = RecordColumns.ReadVersion(_entries, 9);
            entries.Add(new FeedEntry { Seq = _entries.Long(0), Record = record, Write = _entries.TextOrNull(7), Before = _entries.BlobOrNull(8) });
            bytes += (record.Data?.Length ?? 0) + (record.Conflict?.Bytes ?? 0);
        }
        _entries.Reset();
        return new(entries, entries.Count == limit || bytes >= FeedEntries.MostBytes);
    }
}
