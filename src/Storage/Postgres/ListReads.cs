using OrleansSync.Protocol;

namespace OrleansSync.Storage.Postgres;

/// <summary>Reads pages of lists: plans, looks at the candidates, and keeps those that are in the list. All of one moment.</summary>
internal static class ListReads
{
    /// <summary>Bytes of data after which a page ends before its limit.</summary>
    public const int PageBytes = 8 << 20;

    private static readonly RecordPage Nothing = new([], null);

    public static async Task<RecordPage> Read(Session session, RecordQuery query)
    {
        var position = ListPosition.Read(query);
        if (await ListCandidates.Begin(session, query.Collection) is not { } candidates)
            return Nothing;

        var order = new ListOrder(query.Order);
        var after = position is null ? (ListPlace?)null : await Locate(session, candidates.Collection, order, position);
        var plan = ListPlan.Of(query, order, candidates.Paths);
        var list = new RecordList(query, order, after);
        if (!plan.IsOrdered(order))
            return await Page(list, Sort(list, Filter(session, list, candidates.Of(plan, order, null))));
        var found = Filter(session, list, candidates.Of(plan, order, after));
        return await Page(list, plan is ListPlan.Walk ? Straighten(list, found) : found);
    }

    /// <summary>Where a page ended, whole again. When the record has moved meanwhile, where its beginning of a key begins: rather again than never.</summary>
    private static async Task<ListPlace> Locate(Session session, long collection, ListOrder order, ListPosition position)
    {
        if (!position.Cut)
            return new(position.Key, position.Id, 0);
        var data = await session.Row(
            "select coalesce(data, hidden) from records where collection = $1 and id = $2",
            row => row.BytesOrNull(0),
            Value.Of(collection),
            Value.Of(position.Id));
        if (data is not null)
        {
            var key = order.KeyOf(position.Id, 0, 0, data);
            if (key.AsSpan().StartsWith(position.Key))
                return new(key, position.Id, 0);
        }
        // UTF-8 has no 0xff: it sorts after all that begins like this.
        return new(order.Descending ? [.. position.Key, 0xff] : position.Key, "", 0);
    }

    private static async IAsyncEnumerable<Candidate> Filter(Session session, RecordList list, IEnumerable<Leg> legs)
    {
        foreach (var (number, leg) in legs.Index())
            await foreach (var candidate in ListCursor.Read(session, $"leg{number}", leg, list.Limit + 1))
                if (list.Has(candidate))
                    yield return candidate;
    }

    private static async IAsyncEnumerable<Candidate> Sort(RecordList list, IAsyncEnumerable<Candidate> candidates)
    {
        var first = new FirstCandidates(list.Order, list.Limit, PageBytes);
        await foreach (var candidate in candidates)
            if (list.PlaceOf(candidate) is { } place)
                first.Add(place, candidate);
        foreach (var candidate in first.Take())
            yield return candidate;
    }

    /// <summary>Puts those in order that are cut alike in the index.</summary>
    private static async IAsyncEnumerable<Candidate> Straighten(RecordList list, IAsyncEnumerable<Candidate> candidates)
    {
        var (alike, key) = (new FirstCandidates(list.Order, list.Limit, PageBytes), (byte[]?)null);
        await foreach (var candidate in candidates)
        {
            var next = candidate.IsCut ? list.KeyOf(candidate) : null;
            if (key is not null && (next is null || !IndexKey.AreCutAlike(key, next)))
                foreach (var known in alike.Take())
                    yield return known;
            key = next;
            if (key is null)
                yield return candidate;
            else if (list.PlaceOf(candidate) is { } place)
                alike.Add(place, candidate);
        }
        foreach (var known in alike.Take())
            yield return known;
    }

    private static async Task<RecordPage> Page(RecordList list, IAsyncEnumerable<Candidate> candidates)
    {
        var records = new List<RecordVersion>();
        var (bytes, last) = (0, default(Candidate));
        await foreach (var candidate in candidates)
        {
            if (records.Count == list.Limit || bytes > PageBytes)
                return new(records, list.PositionOf(last));
            records.Add(candidate.Record);
            bytes += candidate.Bytes;
            last = candidate;
        }
        return new(records, null);
    }

    /// <summary>One list: what is in it, and in which order.</summary>
    private sealed class RecordList(RecordQuery query, ListOrder order, ListPlace? after)
    {
        public int Limit => query.Limit;

        public ListOrder Order => order;

        public bool Has(Candidate candidate) => query.Filter is null || query.Filter.Matches(candidate.Record.Id, candidate.Held);

        public byte[] KeyOf(Candidate candidate)
        {
            var record = candidate.Record;
            return order.KeyOf(record.Id, record.Version, record.Timestamp.Ticks, candidate.Held);
        }

        /// <summary>The record's place, or null when it is not after the position.</summary>
        public ListPlace? PlaceOf(Candidate candidate)
        {
            var place = new ListPlace(KeyOf(candidate), candidate.Record.Id, 0);
            return after is { } known && order.Compare(place, known) <= 0 ? null : place;
        }

        /// <summary>The <c>next</c> of a page that ends with this record.</summary>
        public string PositionOf(Candidate last) => ListPosition.Of(KeyOf(last), last.Record.Id).Write(query);
    }
}
