using OrleansSync.Protocol;

namespace OrleansSync.Storage.Postgres;

/// <summary>Which paths of a collection are in the index, and how far that has come.</summary>
internal static class IndexTable
{
    public static Task<List<IndexedPath>> Read(Session session, long collection) => session.Rows(
        "select key, path, state from indexes where collection = $1",
        row => new IndexedPath(row.GetInt64(0), FieldPath.Parse(row.GetString(1)), (IndexState)row.GetInt16(2)),
        Value.Of(collection));

    public static Task Add(Session session, long collection, string path) => session.Do(
        "insert into indexes(collection, path, state) values($1, $2, $3)",
        Value.Of(collection),
        Value.Of(path),
        Value.Of((long)IndexState.Filling));

    public static Task Set(Session session, IndexedPath path, IndexState state) =>
        session.Do("update indexes set state = $1 where key = $2", Value.Of((long)state), Value.Of(path.Key));

    public static Task Remove(Session session, IndexedPath path) =>
        session.Do("delete from indexes where key = $1", Value.Of(path.Key));

    /// <summary>Has every commit from now on look again which paths there are. The collection must be held.</summary>
    public static async Task Announce(Session session, long collection)
    {
        await session.Do("update collections set indexing = indexing + 1 where key = $1", Value.Of(collection));
        await session.Do(
            "update feeds f set indexing = c.indexing from collections c where c.key = $1 and f.collection = $1", Value.Of(collection));
    }
}
