using OrleansSync.Protocol;

namespace OrleansSync.Storage.Sqlite;

/// <summary>
/// Forgets what nobody is promised any more, a slice per call: old tombstones, and history past both what the settings show and what the write
/// ids need. Belongs to the writing connection.
/// </summary>
internal sealed class Sweeper(Database database, CollectionTable collections, FeedTable feeds)
{
    /// <summary>Rows forgotten per call: some milliseconds during which commits wait.</summary>
    public const int SliceRows = 2_000;

    private const int SliceLooks = 20_000;

    private readonly Statement _tombstone = database.Prepare("""
        select key, feed, seq, entry from records
        where collection = ? and tombstone_at <= ? and conflict_since is null order by tombstone_at limit 1
        """);
    private readonly Statement _forget = database.Prepare("""
        update records set feed = null, seq = null, write = null, tombstone_at = null, merge = zeroblob(0), data = null, hidden = null
        where key = ?
        """);
    private readonly Statement _crowded = database.Prepare("""
        select key, entry, version from records where collection = ? and sweep_at <= ? order by sweep_at limit 1
        """);
    private readonly Statement _lookAt = database.Prepare("update records set sweep_at = ? where key = ?");
    private readonly HistoryTrim _trim = new(database);

    /// <summary>True when there may be more to forget.</summary>
    public bool Sweep(string name, Timestamp now)
    {
        if (collections.Find(name) is not { } collection || collections.Read(name) is not { } settled)
            return false;
        var budget = new SweepBudget { Rows = SliceRows, Looks = SliceLooks };
        return ForgetTombstones(collection, settled.Settings, now, budget)
            || TrimHistories(collection, settled.Settings, now, budget);
    }

    private bool ForgetTombstones(long collection, CollectionSettings settings, Timestamp now, SweepBudget budget)
    {
        var old = now.Ticks - TimeSpan.FromDays(settings.TombstoneDays).Ticks;
        while (_tombstone.Bind(1, collection).Bind(2, old).Step())
        {
            var (record, feed, seq, entry) = (_tombstone.Long(0), _tombstone.Long(1), _tombstone.Long(2), _tombstone.Long(3));
            _tombstone.Reset();
            if (budget.Spent)
                return true;
            budget.Rows--;
            if (!_trim.Trim(record, entry, new KeepNames(now), budget))
                return true;
            _forget.Bind(1, record).Run();
            feeds.ForgetTombstone(feed, seq);
        }
        return false;
    }

    private bool TrimHistories(long collection, CollectionSettings settings, Timestamp now, SweepBudget budget)
    {
        while (_crowded.Bind(1, collection).Bind(2, now.Ticks).Step())
        {
            var (record, entry, version) = (_crowded.Long(0), _crowded.Long(1), _crowded.Long(2));
            _crowded.Reset();
            var keep = new KeepShown(version, now, settings);
            if (budget.Spent || !_trim.Trim(record, entry, keep, budget))
                return true;
            _lookAt.Bind(1, keep.IsCrowded ? (now + HistoryRetention.LookAgain).Ticks : null).Bind(2, record).Run();
        }
        return false;
    }
}

/// <summary>What a call may still do.</summary>
internal sealed class SweepBudget
{
    public int Rows { get; set; }
    public int Looks { get; set; }
    public bool Spent => Rows <= 0 || Looks <= 0;
}
