using System.Diagnostics;
using Npgsql;
using OrleansSync.Protocol;

namespace OrleansSync.Storage.Postgres;

/// <summary>
/// Says where the candidates of a list are read: live records, or those with an open conflict. Where the plan is ordered they begin after the
/// position and come in the list's order, but for keys that are cut in the index: those come together, in any order.
/// </summary>
internal sealed class ListCandidates
{
    // Until the end of the transaction nothing is sorted by the database: it would read all of what it sorts. Whatever is ordered has an index.
    private const string Start = """
        select c.key,
            array(select i.key from indexes i where i.collection = c.key and i.state = $2 order by i.key),
            array(select i.path from indexes i where i.collection = c.key and i.state = $2 order by i.key),
            set_config('enable_sort', 'off', true), set_config('enable_incremental_sort', 'off', true)
        from collections c where c.name = $1
        """;

    // Sorts after every record id, which are ASCII.
    private const string PastIds = "\uffff";

    private const string Columns = $"{RecordColumns.Names}, r.hidden";
    private const string Whole = $"select {Columns}, false from records r where r.collection = $1";
    private const string Up = $"{Whole} and r.id > $2 and r.data is not null order by r.id";
    private const string Down = $"{Whole} and r.id < $2 and r.data is not null order by r.id desc";
    private const string ConflictsUp = $"{Whole} and r.id > $2 and r.conflict_since is not null order by r.id";
    private const string ConflictsDown = $"{Whole} and r.id < $2 and r.conflict_since is not null order by r.id desc";

    private const string Indexed = $"""
        select {Columns}, octet_length(f.sort_key) > 256 from field_index f join records r on r.collection = $1 and r.id = f.id where f.path = $2
        """;

    private const string KeysUp = $"{Indexed} and f.sort_key = $3 and f.id > $4 order by f.id";
    private const string KeysDown = $"{Indexed} and f.sort_key = $3 and f.id < $4 order by f.id desc";
    private const string KeysAny = $"{Indexed} and f.sort_key = any($3)";
    private const string WalkUp = $"{Indexed} and (f.sort_key, f.id) > ($3, $4) and f.sort_key < $5 order by f.sort_key, f.id";

    // Keys fall while ids rise: each key is found by itself, then walked upwards.
    private const string WalkDown = $"""
        with recursive keys(sort_key) as (
            (select f.sort_key from field_index f where f.path = $2 and f.sort_key < $3 and f.sort_key >= $4 order by f.sort_key desc limit 1)
            union all
            select (
                select f.sort_key from field_index f where f.path = $2 and f.sort_key < k.sort_key and f.sort_key >= $4
                order by f.sort_key desc limit 1)
            from keys k where k.sort_key is not null)
        select w.* from keys k cross join lateral ({Indexed} and f.sort_key = k.sort_key order by f.id) w
        """;

    private readonly Dictionary<FieldPath, long> _paths;

    private ListCandidates(long collection, long[] keys, string[] paths)
    {
        Collection = collection;
        _paths = paths.Zip(keys).ToDictionary(each => FieldPath.Parse(each.First), each => each.Second);
    }

    public long Collection { get; }

    /// <summary>The paths with a complete index.</summary>
    public IReadOnlyCollection<FieldPath> Paths => _paths.Keys;

    /// <summary>The first of a transaction; null when there is no such collection.</summary>
    public static Task<ListCandidates?> Begin(Session session, string collection) => session.Row(
        Start,
        row => new ListCandidates(row.GetInt64(0), row.GetFieldValue<long[]>(1), row.GetFieldValue<string[]>(2)),
        Value.Of(collection),
        Value.Of((long)IndexState.Complete));

    public IEnumerable<Leg> Of(ListPlan plan, ListOrder order, ListPlace? after)
    {
        var (byId, down) = (order.ById, order.ById && order.Descending);
        return plan switch
        {
            ListPlan.Walk walk when order.Descending => Descend(_paths[walk.Path], walk.Range, after),
            ListPlan.Walk walk => [Climb(_paths[walk.Path], walk.Range, after)],
            ListPlan.Keys { Values: [var key] } keys when byId => [Key(_paths[keys.Path], IndexKey.Of(key), down, after?.Id)],
            ListPlan.Keys keys => [new(KeysAny, Value.Of(Collection), Value.Of(_paths[keys.Path]), Value.Of([.. keys.Values.Select(IndexKey.Of)]))],
            ListPlan.Conflicts => [ById(down ? ConflictsDown : ConflictsUp, down, after?.Id)],
            ListPlan.Scan => [ById(down ? Down : Up, down, after?.Id)],
            _ => throw new UnreachableException(),
        };
    }

    private Leg ById(string sql, bool down, string? after) =>
        new(sql, Value.Of(Collection), Value.Of(after ?? (down ? PastIds : "")));

    private Leg Key(long path, byte[] key, bool down, string? after) => new(
        down ? KeysDown : KeysUp, Value.Of(Collection), Value.Of(path), Value.Of(key), Value.Of(after ?? (down ? PastIds : "")));

    private Leg Climb(long path, KeyRange range, ListPlace? after)
    {
        var from = IndexKey.Of(range.From);
        var (key, id) = after is { } place && place.Key.AsSpan().SequenceCompareTo(range.From) >= 0
            // What is cut like the position may still be before it or after it.
            ? (IndexKey.Of(place.Key), IndexKey.IsCut(place.Key) ? "" : place.Id)
            : (from, "");
        return new(
            WalkUp, Value.Of(Collection), Value.Of(path), Value.Of(key), Value.Of(id), Value.Of(IndexKey.EndOf(range.To)));
    }

    private IEnumerable<Leg> Descend(long path, KeyRange range, ListPlace? after)
    {
        var (from, below) = (IndexKey.Of(range.From), IndexKey.EndOf(range.To));
        if (after is { } place && place.Key.AsSpan().SequenceCompareTo(range.To) < 0)
        {
            below = IndexKey.Of(place.Key);
            if (place.Key.AsSpan().SequenceCompareTo(range.From) >= 0)
                yield return Key(path, below, false, IndexKey.IsCut(place.Key) ? null : place.Id);
        }
        yield return new(WalkDown, Value.Of(Collection), Value.Of(path), Value.Of(below), Value.Of(from));
    }
}

/// <summary>A statement whose rows are candidates: <see cref="Candidate.Read"/> reads them.</summary>
internal sealed record Leg(string Sql, params NpgsqlParameter[] Values);

/// <summary>A record that may be in a list.</summary>
/// <param name="Held">What filter and order look at: the data, for a tombstone what it held.</param>
/// <param name="IsCut">Its key in the index is cut: its neighbours may be in any order.</param>
internal readonly record struct Candidate(RecordVersion Record, byte[] Held, bool IsCut)
{
    private static readonly byte[] Nothing = "{}"u8.ToArray();

    /// <summary>Bytes of data and conflict.</summary>
    public int Bytes => Held.Length + (Record.Conflict?.Bytes ?? 0);

    public static Candidate Read(NpgsqlDataReader row)
    {
        var record = RecordColumns.ReadVersion(row);
        return new(record, record.Data ?? row.BytesOrNull(RecordColumns.Count) ?? Nothing, row.GetBoolean(RecordColumns.Count + 1));
    }
}
