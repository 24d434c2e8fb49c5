using OrleansSync.Protocol;

namespace OrleansSync.Storage.Postgres;

/// <summary>
/// Forgets what nobody is promised any more, a slice per transaction: old tombstones, and history past both what the settings show and what the write
/// ids need.
/// </summary>
internal static class Sweeper
{
    private const int SliceRecords = 200;

    private const string OldTombstones = "r.collection = $1 and r.tombstone_at <= $2 and r.conflict_since is null";

    private const string Crowded = "r.collection = $1 and r.sweep_at <= $2";

    private const string Any = $"""
        select exists(select from records r where {OldTombstones}) or exists(
            select from records r where r.collection = $1 and r.sweep_at <= $3)
        """;

    private const string Forget = """
        with forgotten as (
            update records r set feed = null, seq = null, write = null, tombstone_at = null, merge = '', data = null, hidden = null
            from records before
            where r.collection = $1 and r.id = any($2) and before.collection = r.collection and before.id = r.id
            returning before.feed, before.seq),
        moves as (select feed, max(seq) as floor, count(*) as count from forgotten group by feed)
        update feeds f set floor = greatest(f.floor, m.floor), tombstones = f.tombstones - m.count from moves m where f.key = m.feed
        """;

    private const string LookAgain = """
        update records r set sweep_at = i.sweep_at from unnest($2::text[], $3::bigint[]) as i(id, sweep_at)
        where r.collection = $1 and r.id = i.id
        """;

    /// <summary>True when there may be more to forget.</summary>
    public static async Task<bool> Sweep(Session session, string name, Timestamp now)
    {
        if (await CollectionTable.Find(session, name) is not { } collection || await CollectionTable.Read(session, name) is not { } settled)
            return false;
        var old = now.Ticks - TimeSpan.FromDays(settled.Settings.TombstoneDays).Ticks;
        if (!await session.Row(Any, row => row.GetBoolean(0), Value.Of(collection), Value.Of(old), Value.Of(now.Ticks)))
            return false;
        await CollectionTable.Hold(session, name);
        var trim = new HistoryTrim(session, collection);
        return await ForgetTombstones(session, collection, old, now, trim)
            || await TrimHistories(session, collection, settled.Settings, now, trim);
    }

    private static async Task<bool> ForgetTombstones(Session session, long collection, long old, Timestamp now, HistoryTrim trim)
    {
        var ids = await session.Rows(
            $"select r.id from records r where {OldTombstones} order by r.tombstone_at limit $3",
            row => row.GetString(0),
            Value.Of(collection),
            Value.Of(old),
            Value.Of(SliceRecords));
        var done = await trim.Trim(ids, _ => new KeepNames(now));
        await session.Do(Forget, Value.Of(collection), Value.Of(ids.GetRange(0, done)));
        return done < ids.Count || ids.Count == SliceRecords;
    }

    private static async Task<bool> TrimHistories(
        Session session, long collection, CollectionSettings settings, Timestamp now, HistoryTrim trim)
    {
        var records = await session.Rows(
            $"select r.id, r.version from records r where {Crowded} order by r.sweep_at limit $3",
            row => (Id: row.GetString(0), Version: row.GetInt64(1)),
            Value.Of(collection),
            Value.Of(now.Ticks),
            Value.Of(SliceRecords));
        var keeps = records.ConvertAll(record => new KeepShown(record.Version, now, settings));
        var ids = records.ConvertAll(record => record.Id);
        var done = await trim.Trim(ids, i => keeps[i]);
        var again = keeps.GetRange(0, done).ConvertAll(keep => keep.IsCrowded ? (now + HistoryRetention.LookAgain).Ticks : (long?)null);
        await session.Do(LookAgain, Value.Of(collection), Value.Of(ids.GetRange(0, done)), Value.Of(again));
        return done < records.Count || records.Count == SliceRecords;
    }
}
