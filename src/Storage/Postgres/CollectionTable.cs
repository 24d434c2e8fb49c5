using Npgsql;
using OrleansSync.Protocol;

namespace OrleansSync.Storage.Postgres;

/// <summary>
/// Collections and their settings. A row with revision 0 is a name only: its feed was asked for before anybody created it.
/// </summary>
internal static class CollectionTable
{
    private const string Columns = """
        select c.name, c.revision, c.settings, coalesce(sum(f.records), 0)::bigint, coalesce(sum(f.tombstones), 0)::bigint,
               coalesce(sum(f.conflicts), 0)::bigint
        from collections c left join feeds f on f.collection = c.key
        """;

    private static readonly byte[] Nothing = SettingsColumn.Write(CollectionSettings.Default);

    public static Task<List<Collection>> ReadAll(Session session) =>
        session.Rows($"{Columns} where c.revision > 0 group by c.key order by c.name", ReadRow);

    public static Task<Collection?> Read(Session session, string name) =>
        session.Row($"{Columns} where c.revision > 0 and c.name = $1 group by c.key", ReadRow, Value.Of(name));

    public static Task<long?> Find(Session session, string name) =>
        session.Row("select key from collections where name = $1", row => (long?)row.GetInt64(0), Value.Of(name));

    public static Task Reserve(Session session, string name) => session.Do(
        """
        insert into collections(name, revision, settings)
        select $1, 0, $2 where not exists (select from collections where name = $1)
        on conflict do nothing
        """,
        Value.Of(name),
        Value.Of(Nothing));

    public static async Task<Collection?> Write(Session session, string name, long expectedRevision, CollectionSettings settings)
    {
        await Reserve(session, name);
        var written = await session.Do(
            "update collections set revision = revision + 1, settings = $1 where name = $2 and revision = $3",
            Value.Of(SettingsColumn.Write(settings)),
            Value.Of(name),
            Value.Of(expectedRevision));
        return written == 1 ? await Read(session, name) : null;
    }

    /// <summary>
    /// Keeps all commits of the collection out until the transaction ends, and waits for those under way; null when there is no such collection.
    /// Whoever takes several locks takes them in this order: the collection, its feeds by their keys.
    /// </summary>
    public static async Task<long?> Hold(Session session, string name)
    {
        var key = await session.Row(
            "select key from collections where name = $1 for update", row => (long?)row.GetInt64(0), Value.Of(name));
        if (key is { } collection)
            await session.Do("select from feeds where collection = $1 order by key for update", Value.Of(collection));
        return key;
    }

    private static Collection ReadRow(NpgsqlDataReader row) => new(
        row.GetString(0),
        row.GetInt64(1),
        SettingsColumn.Read(row.GetFieldValue<byte[]>(2)),
        new(row.GetInt64(3), row.GetInt64(4), row.GetInt64(5)));
}
