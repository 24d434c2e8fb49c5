using OrleansSync.Protocol;

namespace OrleansSync.Storage.Sqlite;

/// <summary>Reads single records: what the next write is decided against, their history, their remembered writes.</summary>
internal sealed class RecordReads(Database database, TimeProvider clock)
{
    private readonly Statement _find = database.Prepare($"""
        select r.key, r.last, r.entry, r.version, r.timestamp, r.author, r.client, r.write, r.merge, r.data, r.hidden, {ConflictRows.Columns}
        from records r join collections c on c.key = r.collection
        where c.name = ? and r.id = ?
        """);
    private readonly HistoryRows _history = new(database);

    public StoredRecord? Read(string collection, string id)
    {
        if (!_find.Bind(1, collection).Bind(2, id).Step())
            return null;
        var (record, last, entry) = (_find.Long(0), _find.Long(1), _find.Long(2));
        var state = _find.IsNull(8) ? null : ReadState(id);
        _find.Reset();
        return new(state, last, ReadWrites(record, entry));
    }

    public IReadOnlyList<HistoryEntry> ReadHistory(string collection, string id, long before, int limit)
    {
        var found = new List<HistoryEntry>(Math.Min(limit, 64));
        if (FindChain(collection, id) is not { } chain)
            return found;
        var rejected = 0;
        for (var key = chain.Entry; found.Count < limit && _history.Find(chain.Record, key) is { } row; key = row.Previous)
        {
            if (row.Outcome == Outcome.Rejected && ++rejected > HistoryRetention.RejectedShown)
                continue;
            if (row.Number < before)
                found.Add(_history.ReadEntry(row));
        }
        _history.Leave();
        return found;
    }

    public HistoryEntry? ReadWrite(string collection, string id, string author, string write)
    {
        if (FindChain(collection, id) is not { } chain)
            return null;
        var hash = WriteHash.Of(author, write);
        for (var key = chain.Entry; _history.Find(chain.Record, key) is { } row; key = row.Previous)
        {
            if (row.Hash != hash)
                continue;
            var entry = _history.ReadEntry(row);
            if (entry.Author == author && entry.Write == write)
            {
                _history.Leave();
                return entry;
            }
        }
        return null;
    }

    private RecordState ReadState(string id)
    {
        var data = _find.BlobOrNull(9);
        return new RecordState
        {
            View = new RecordVersion
            {
                Id = id,
                Version = _find.Long(3),
                Timestamp = new(_find.Long(4)),
                Author = _find.Text(5),
                Client = _find.TextOrNull(6),
                Data = data,
                Conflict = ConflictRows.Read(_find, 11, data),
            },
            Data = data ?? _find.BlobOrNull(10),
            Merge = _find.Blob(8),
            Write = _find.TextOrNull(7),
        };
    }

    private List<RememberedWrite> ReadWrites(long record, long entry)
    {
        var now = Timestamp.Now(clock);
        var writes = new List<RememberedWrite>();
        for (var key = entry; _history.Find(record, key) is { } row; key = row.Previous)
        {
            if (row.Hash is not { } hash)
                continue;
            if (!HistoryRetention.Remembers(writes.Count, row.RecordedAt, now))
                break;
            writes.Add(new(hash, row.RecordedAt));
        }
        _history.Leave();
        writes.Reverse();
        return writes;
    }

    private (long Record, long Entry)? FindChain(string collection, string id)
    {
        (long, long)? chain = _find.Bind(1, collection).Bind(2, id).Step()
            ? (_find.Long(0), _find.Long(2))
            : null;
        _find.Reset();
        return chain;
    }
}
