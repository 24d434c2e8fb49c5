using OrleansSync.Protocol;

namespace OrleansSync.Storage.Postgres;

/// <summary>Takes entries out of the histories of some records, as many as one transaction should.</summary>
internal sealed class HistoryTrim(Session session, long collection)
{
    /// <summary>Entries taken out or blanked per transaction: some milliseconds during which commits wait.</summary>
    public const int SliceRows = 2_000;

    private const int SliceLooks = 20_000;

    // Of one record after the other, each from its newest entry on.
    private const string Looks = """
        select i.id, h.number, h.version, h.recorded_at, h.outcome, h.hash is not null, h.forgotten
        from unnest($2::text[]) with ordinality as i(id, place)
        cross join lateral (select * from history n where n.collection = $1 and n.id = i.id order by n.number desc limit $3) h
        limit $3
        """;

    private const string Delete = """
        delete from history h using unnest($2::text[], $3::bigint[]) as i(id, number)
        where h.collection = $1 and h.id = i.id and h.number = i.number
        """;

    private readonly List<string> _goingIds = [];
    private readonly List<long> _goingNumbers = [];
    private readonly List<string> _blankIds = [];
    private readonly List<long> _blankNumbers = [];

    /// <summary>How many more entries may go.</summary>
    public int Left { get; private set; } = SliceRows;

    /// <summary>
    /// Trims the histories in order. Answers how many of them are done: the rest, of which one may have been begun, is for another transaction.
    /// The newest entry of a history stays, blanked, whatever its fate.
    /// </summary>
    public async Task<int> Trim(IReadOnlyList<string> ids, Func<int, IHistoryKeeping> keeping)
    {
        if (ids.Count == 0)
            return 0;
        var rows = await Look(ids, SliceLooks);
        if (rows.Count == SliceLooks && rows[0].Id == rows[^1].Id)
            rows = await Look([ids[0]], int.MaxValue);
        var byRecord = rows.ToLookup(row => row.Id);
        var whole = rows.Count >= SliceLooks ? rows.Select(row => row.Id).Distinct().Count() - 1 : ids.Count;
        var done = 0;
        while (done < Math.Max(1, whole) && Decide(byRecord[ids[done]].OrderByDescending(row => row.Number), keeping(done)))
            done++;
        await Apply();
        return done;
    }

    private Task<List<Row>> Look(IReadOnlyList<string> ids, int limit) => session.Rows(
        Looks,
        row => new Row(
            row.GetString(0), row.GetInt64(1), row.GetInt64(2), new(row.GetInt64(3)), (Outcome)row.GetInt16(4), row.GetBoolean(5), row.GetBoolean(6)),
        Value.Of(collection),
        Value.Of([.. ids]),
        Value.Of(limit));

    /// <summary>False when no more may go and something should.</summary>
    private bool Decide(IEnumerable<Row> history, IHistoryKeeping keeping)
    {
        var newest = true;
        foreach (var row in history)
        {
            var fate = keeping.FateOf(row.Version, row.RecordedAt, row.Outcome, row.Named);
            if (newest && fate == HistoryFate.Goes)
                fate = HistoryFate.Blanked;
            newest = false;
            if (fate == HistoryFate.Stays || (fate == HistoryFate.Blanked && row.Forgotten))
                continue;
            if (Left-- <= 0)
                return false;
            var (ids, numbers) = fate == HistoryFate.Goes ? (_goingIds, _goingNumbers) : (_blankIds, _blankNumbers);
            ids.Add(row.Id);
            numbers.Add(row.Number);
        }
        return true;
    }

    private async Task Apply()
    {
        await HistoryBlanks.Of(session, collection, _blankIds, _blankNumbers);
        await session.Do(Delete, Value.Of(collection), Value.Of(_goingIds), Value.Of(_goingNumbers));
        _blankIds.Clear();
        _blankNumbers.Clear();
        _goingIds.Clear();
        _goingNumbers.Clear();
    }

    private readonly record struct Row(
        string Id, long Number, long Version, Timestamp RecordedAt, Outcome Outcome, bool Named, bool Forgotten);
}
