using System.Diagnostics;
using OrleansSync.Protocol;

namespace OrleansSync.Storage.Sqlite;

/// <summary>Reads pages of lists: plans, looks at the candidates, and keeps those that are in the list.</summary>
internal sealed class ListReads(Database database, CollectionTable collections)
{
    /// <summary>Bytes of data after which a page ends before its limit.</summary>
    public const int PageBytes = 8 << 20;

    private const int LooksBetweenCancels = 256;

    private static readonly RecordPage Nothing = new([], null);

    private readonly IndexTable _indexes = new(database);
    private readonly ListCandidates _candidates = new(database);

    public RecordPage Read(RecordQuery query, CancellationToken cancel)
    {
        var position = ListPosition.Read(query);
        if (collections.Find(query.Collection) is not { } collection)
            return Nothing;

        var order = new ListOrder(query.Order);
        var after = position is null ? (ListPlace?)null : Locate(collection, order, position);
        var complete = _indexes.Read(collection).Where(path => path.State == IndexState.Complete).ToDictionary(path => path.Path, path => path.Key);
        var plan = ListPlan.Of(query, order, complete.Keys);
        var list = new RecordList(query, order, after, cancel);
        return plan.IsOrdered(order)
            ? ReadOrdered(list, Candidates(collection, plan, complete, order, after))
            : ReadSorted(list, Candidates(collection, plan, complete, order, null));
    }

    /// <summary>Where a page ended, whole again. When the record has moved meanwhile, where its beginning of a key begins: rather again than never.</summary>
    private ListPlace Locate(long collection, ListOrder order, ListPosition position)
    {
        if (!position.Cut)
            return new(position.Key, position.Id, 0);
        if (_candidates.Data(collection, position.Id) is { } data)
        {
            var key = order.KeyOf(position.Id, 0, 0, data);
            if (key.AsSpan().StartsWith(position.Key))
                return new(key, position.Id, 0);
        }
        // UTF-8 has no 0xff: it sorts after all that begins like this.
        return new(order.Descending ? [.. position.Key, 0xff] : position.Key, "", 0);
    }

    private IEnumerable<Statement> Candidates(
        long collection, ListPlan plan, Dictionary<FieldPath, long> complete, ListOrder order, ListPlace? after) => plan switch
        {
            ListPlan.Walk walk => _candidates.Walk(complete[walk.Path], walk.Range, order.Descending, after),
            ListPlan.Keys keys => keys.Values.SelectMany(
                key => _candidates.Key(complete[keys.Path], key, order.ById && order.Descending, after?.Id)),
            ListPlan.Conflicts => _candidates.Conflicts(collection, order.ById && order.Descending, after?.Id),
            ListPlan.Scan => _candidates.Scan(collection, order.ById && order.Descending, after?.Id),
            _ => throw new UnreachableException(),
        };

    private static RecordPage ReadOrdered(RecordList list, IEnumerable<Statement> candidates)
    {
        var records = new List<RecordVersion>();
        var (bytes, held) = (0, Array.Empty<byte>());
        foreach (var row in candidates)
        {
            if (!list.Has(row))
                continue;
            if (records.Count == list.Limit || bytes > PageBytes)
                return new(records, list.PositionOf(records[^1], held));
            var record = RecordColumns.ReadVersion(row, 8);
            records.Add(record);
            held = record.Data ?? Held(row).ToArray();
            bytes += held.Length + (record.Conflict?.Bytes ?? 0);
        }
        return new(records, null);
    }

    /// <summary>Keeps the first places of all there are, one more than the page shows, and reads those records again at the end.</summary>
    private RecordPage ReadSorted(RecordList list, IEnumerable<Statement> candidates)
    {
        var first = new PriorityQueue<ListPlace, ListPlace>(list.Backwards);
        foreach (var row in candidates)
        {
            if (!list.Has(row) || list.PlaceOf(row) is not { } place)
                continue;
            if (first.Count <= list.Limit)
                first.Enqueue(place, place);
            else
                first.EnqueueDequeue(place, place);
        }
        var places = first.UnorderedItems.Select(item => item.Element).Order(list.Order).ToList();
        return ReadOrdered(list, places.SelectMany(place => _candidates.One(place.Record)));
    }

    /// <summary>What filter and order look at: the data, for a tombstone what it held. Valid until the next row.</summary>
    private static ReadOnlySpan<byte> Held(Statement row) =>
        !row.IsNull(6) ? row.Span(6)
        : !row.IsNull(7) ? row.Span(7)
        : "{}"u8;

    /// <summary>One list: what is in it, and in which order.</summary>
    private sealed class RecordList(RecordQuery query, ListOrder order, ListPlace? after, CancellationToken cancel)
    {
        private int _looks;

        public int Limit => query.Limit;

        public ListOrder Order => order;

        public IComparer<ListPlace> Backwards { get; } = Comparer<ListPlace>.Create((a, b) => order.Compare(b, a));

        public bool Has(Statement row)
        {
            if (++_looks % LooksBetweenCancels == 0)
                cancel.ThrowIfCancellationRequested();
            return query.Filter is null || query.Filter.Matches(row.Text(1), Held(row));
        }

        /// <summary>The record's place, or null when it is not after the position.</summary>
        public ListPlace? PlaceOf(Statement row)
        {
            var id = row.Text(1);
            var place = new ListPlace(order.KeyOf(id, row.Long(2), row.Long(3), Held(row)), id, row.Long(0));
            return after is { } known && order.Compare(place, known) <= 0 ? null : place;
        }

        /// <summary>The <c>next</c> of a page that ends with this record.</summary>
        /// <param name="held">Its data, for a tombstone what it held.</param>
        public string PositionOf(RecordVersion last, byte[] held) =>
            ListPosition.Of(order.KeyOf(last.Id, last.Version, last.Timestamp.Ticks, held), last.Id).Write(query);
    }
}
