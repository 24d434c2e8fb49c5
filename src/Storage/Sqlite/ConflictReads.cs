using OrleansSync.Protocol;

namespace OrleansSync.Storage.Sqlite;

/// <summary>Finds the conflicts that have waited long.</summary>
internal sealed class ConflictReads(Database database, CollectionTable collections)
{
    private readonly Statement _oldest = database.Prepare($"""
        select r.id, r.conflict_since, {ConflictRows.Columns} from records r indexed by records_by_conflict_age
        where r.collection = ? and r.conflict_since <= ? order by r.conflict_since, r.id limit ?
        """);

    public IReadOnlyList<OpenConflict> Read(string collection, Timestamp openedUntil, int limit)
    {
        if (collections.Find(collection) is not { } key)
            return [];
        var found = new List<OpenConflict>();
        _oldest.Bind(1, key).Bind(2, openedUntil.Ticks).Bind(3, limit);
        while (_oldest.Step())
            found.Add(new(_oldest.Text(0), ConflictRows.ReadId(_oldest, 2), new(_oldest.Long(1))));
        return found;
    }
}
