using Npgsql;
using OrleansSync.Protocol;

namespace OrleansSync.Storage.Postgres;

/// <summary>Where records stand in the index of fields after a transaction: gathered, then put there by two statements.</summary>
internal sealed class FieldIndex
{
    /// <summary>Takes <see cref="PutValues"/>.</summary>
    public const string Put = """
        insert into field_index as f (path, id, sort_key) select i.path, i.id, i.sort_key
        from unnest($1::bigint[], $2::text[], $3::bytea[]) as i(path, id, sort_key)
        on conflict (path, id) do update set sort_key = excluded.sort_key where f.sort_key <> excluded.sort_key
        """;

    /// <summary>Takes <see cref="DropValues"/>.</summary>
    public const string Drop = """
        delete from field_index f using unnest($1::bigint[], $2::text[]) as i(path, id) where f.path = i.path and f.id = i.id
        """;

    private readonly List<long> _paths = [];
    private readonly List<string> _ids = [];
    private readonly List<byte[]> _keys = [];
    private readonly List<long> _leftPaths = [];
    private readonly List<string> _leftIds = [];

    public bool Puts => _ids.Count > 0;

    public bool Drops => _leftIds.Count > 0;

    /// <summary>The record has this data now; null = it is a tombstone, and those are not in the index.</summary>
    public void Move(IReadOnlyList<IndexedPath> paths, string id, byte[]? data)
    {
        foreach (var path in paths)
        {
            if (data is null)
            {
                _leftPaths.Add(path.Key);
                _leftIds.Add(id);
                continue;
            }
            _paths.Add(path.Key);
            _ids.Add(id);
            _keys.Add(IndexKey.Of(SortKey.Of(data, path.Path)));
        }
    }

    public NpgsqlParameter[] PutValues() => [Value.Of(_paths), Value.Of(_ids), Value.Of(_keys)];

    public NpgsqlParameter[] DropValues() => [Value.Of(_leftPaths), Value.Of(_leftIds)];
}
