using OrleansSync.Protocol;

namespace OrleansSync.Storage.Sqlite;

/// <summary>
/// Collections and their settings. A row with revision 0 is a name only: its feed was asked for before anybody created it.
/// </summary>
internal sealed class CollectionTable(Database database)
{
    private const string Columns = """
        select c.key, c.name, c.revision, c.settings, coalesce(sum(f.records), 0), coalesce(sum(f.tombstones), 0),
               coalesce(sum(f.conflicts), 0)
        from collections c left join feeds f on f.collection = c.key
        """;

    private readonly Statement _find = database.Prepare("select key from collections where name = ?");
    private readonly Statement _readAll = database.Prepare($"{Columns} where c.revision > 0 group by c.key order by c.name");
    private readonly Statement _read = database.Prepare($"{Columns} where c.revision > 0 and c.name = ? group by c.key");
    private readonly Statement _reserve = database.Prepare(
        "insert into collections(name, revision, settings) values(?, 0, ?)");
    private readonly Statement _write = database.Prepare(
        "update collections set revision = revision + 1, settings = ? where key = ? and revision = ?");

    public long? Find(string name)
    {
        long? key = _find.Bind(1, name).Step() ? _find.Long(0) : null;
        _find.Reset();
        return key;
    }

    public long FindOrReserve(string name)
    {
        if (Find(name) is { } key)
            return key;
        _reserve.Bind(1, name).Bind(2, SettingsColumn.Write(CollectionSettings.Default)).Run();
        return database.LastKey;
    }

    public Collection? Read(string name)
    {
        var collection = _read.Bind(1, name).Step() ? ReadRow(_read) : null;
        _read.Reset();
        return collection;
    }

    public IReadOnlyList<Collection> ReadAll()
    {
        var all = new List<Collection>();
        while (_readAll.Step())
            all.Add(ReadRow(_readAll));
        return all;
    }

    public Collection? Write(string name, long expectedRevision, CollectionSettings settings)
    {
        var key = FindOrReserve(name);
        _write.Bind(1, SettingsColumn.Write(settings)).Bind(2, key).Bind(3, expectedRevision).Run();
        return database.Changes == 1 ? Read(name) : null;
    }

    private static Collection ReadRow(Statement row) =>
        new(row.Text(1), row.Long(2), SettingsColumn.Read(row.Span(3)), new(row.Long(4), row.Long(5), row.Long(6)));
}
