using OrleansSync.Protocol;

namespace OrleansSync.Storage.Sqlite;

/// <summary>Keeps the index of fields in step with the records. Belongs to the writing connection.</summary>
internal sealed class FieldIndex(Database database, IndexTable indexes)
{
    private readonly Statement _data = database.Prepare("select data from records where key = ?");
    private readonly Statement _add = database.Prepare(
        "insert or ignore into field_index(path, sort_key, id, record) values(?, ?, ?, ?)");
    private readonly Statement _remove = database.Prepare("delete from field_index where path = ? and sort_key = ? and id = ?");

    private IReadOnlyList<IndexedPath> _paths = [];
    private byte[]?[] _before = [];

    /// <summary>Starts with the commits of a collection.</summary>
    public void Begin(long collection)
    {
        _paths = indexes.Kept(collection);
        if (_before.Length != _paths.Count)
            _before = new byte[_paths.Count][];
    }

    /// <summary>Remembers what the index holds of a record before it changes; null = the record is new.</summary>
    public void See(long? record)
    {
        if (_paths.Count == 0)
            return;
        Array.Clear(_before);
        if (record is not { } key)
            return;
        if (_data.Bind(1, key).Step() && !_data.IsNull(0))
            for (var i = 0; i < _paths.Count; i++)
                _before[i] = SortKey.Of(_data.Span(0), _paths[i].Path);
        _data.Reset();
    }

    /// <summary>Moves the record seen before to where it belongs now.</summary>
    public void Move(long record, RecordVersion after)
    {
        for (var i = 0; i < _paths.Count; i++)
        {
            var key = after.Data is { } data ? SortKey.Of(data, _paths[i].Path) : null;
            if (key is not null && _before[i] is { } same && same.AsSpan().SequenceEqual(key))
                continue;
            if (_before[i] is { } before)
                _remove.Bind(1, _paths[i].Key).Bind(2, before).Bind(3, after.Id).Run();
            if (key is not null)
                Add(_paths[i], key, after.Id, record);
        }
    }

    public void Add(IndexedPath path, byte[] key, string id, long record) =>
        _add.Bind(1, path.Key).Bind(2, key).Bind(3, id).Bind(4, record).Run();
}
