namespace OrleansSync.Storage.Sqlite;

/// <summary>
/// Reads the candidates of a list, as rows (key, id, version, timestamp, author, client, data, hidden, and those of its conflict): of live records, or of those with an
/// open conflict. Where the plan is ordered they begin after the position and come in the list's order.
/// </summary>
internal sealed class ListCandidates(Database database)
{
    private const string Columns = $"r.key, {RecordColumns.Names}, r.hidden, {ConflictRows.Columns}";

    // Sorts after every record id, which are ASCII.
    private const string PastIds = "\uffff";

    // cross join: the index leads, whatever the planner thinks of it.
    private const string Indexed = $"select {Columns} from field_index f cross join records r on r.key = f.record where f.path = ?";

    private const string Conflicted = $"""
        select {Columns} from records r indexed by records_by_conflict where r.collection = ? and r.conflict_since is not null
        """;

    private readonly Statement _up = database.Prepare(
        $"select {Columns} from records r where r.collection = ? and r.id > ? and r.data is not null order by r.id");
    private readonly Statement _down = database.Prepare(
        $"select {Columns} from records r where r.collection = ? and r.id < ? and r.data is not null order by r.id desc");
    private readonly Statement _walkUp = database.Prepare(
        $"{Indexed} and (f.sort_key, f.id) > (?, ?) and f.sort_key < ? order by f.sort_key, f.id");
    private readonly Statement _nextKey = database.Prepare(
        "select max(sort_key) from field_index where path = ? and sort_key < ? and sort_key >= ?");
    private readonly Statement _keyUp = database.Prepare($"{Indexed} and f.sort_key = ? and f.id > ? order by f.id");
    private readonly Statement _keyDown = database.Prepare($"{Indexed} and f.sort_key = ? and f.id < ? order by f.id desc");
    private readonly Statement _conflictsUp = database.Prepare($"{Conflicted} and r.id > ? order by r.id");
    private readonly Statement _conflictsDown = database.Prepare($"{Conflicted} and r.id < ? order by r.id desc");
    private readonly Statement _one = database.Prepare($"select {Columns} from records r where r.key = ?");
    private readonly Statement _data = database.Prepare("select coalesce(data, hidden) from records where collection = ? and id = ?");

    public IEnumerable<Statement> Scan(long collection, bool descending, string? after) =>
        descending
            ? Rows(_down.Bind(1, collection).Bind(2, after ?? PastIds))
            : Rows(_up.Bind(1, collection).Bind(2, after ?? ""));

    public IEnumerable<Statement> Conflicts(long collection, bool descending, string? after) =>
        descending
            ? Rows(_conflictsDown.Bind(1, collection).Bind(2, after ?? PastIds))
            : Rows(_conflictsUp.Bind(1, collection).Bind(2, after ?? ""));

    public IEnumerable<Statement> Key(long path, byte[] key, bool descending, string? after) =>
        descending
            ? Rows(_keyDown.Bind(1, path).Bind(2, key).Bind(3, after ?? PastIds))
            : Rows(_keyUp.Bind(1, path).Bind(2, key).Bind(3, after ?? ""));

    public IEnumerable<Statement> Walk(long path, KeyRange range, bool descending, ListPlace? after) =>
        descending ? WalkDown(path, range, after) : WalkUp(path, range, after);

    /// <summary>The record with this key.</summary>
    public IEnumerable<Statement> One(long record) => Rows(_one.Bind(1, record));

    /// <summary>The data of a record, also behind a tombstone, or null.</summary>
    public byte[]? Data(long collection, string id)
    {
        var data = _data.Bind(1, collection).Bind(2, id).Step() ? _data.BlobOrNull(0) : null;
        _data.Reset();
        return data;
    }

    private IEnumerable<Statement> WalkUp(long path, KeyRange range, ListPlace? after)
    {
        var (key, id) = after is { } place && place.Key.AsSpan().SequenceCompareTo(range.From) >= 0
            ? (place.Key, place.Id)
            : (range.From, "");
        return Rows(_walkUp.Bind(1, path).Bind(2, key).Bind(3, id).Bind(4, range.To));
    }

    // Keys fall while ids rise: each key is found by itself, then walked upwards.
    private IEnumerable<Statement> WalkDown(long path, KeyRange range, ListPlace? after)
    {
        var below = range.To;
        if (after is { } place && place.Key.AsSpan().SequenceCompareTo(range.To) < 0)
        {
            below = place.Key;
            if (place.Key.AsSpan().SequenceCompareTo(range.From) >= 0)
                foreach (var row in Key(path, place.Key, false, place.Id))
                    yield return row;
        }
        while (NextKey(path, range, below) is { } key)
        {
            foreach (var row in Key(path, key, false, null))
                yield return row;
            below = key;
        }
    }

    private byte[]? NextKey(long path, KeyRange range, byte[] below)
    {
        _nextKey.Bind(1, path).Bind(2, below).Bind(3, range.From).Step();
        var key = _nextKey.BlobOrNull(0);
        _nextKey.Reset();
        return key;
    }

    private static IEnumerable<Statement> Rows(Statement bound)
    {
        try
        {
            while (bound.Step())
                yield return bound;
        }
        finally
        {
            bound.Reset();
        }
    }
}
