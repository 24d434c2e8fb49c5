using Npgsql;
using OrleansSync.Protocol;

namespace OrleansSync.Storage.Postgres;

/// <summary>
/// The records of a transaction, whatever becomes of them: compared with what it expects of them, which also tells how its feeds' counts move, and then
/// written. Counted from what the store holds, so that it stays right when a tombstone was forgotten.
/// </summary>
internal static class RecordRows
{
    private static readonly string Expected = ArrayRows.Of(
        ("collection", "bigint"), ("id", "text"), ("version", "bigint"), ("last", "bigint"), ("feed", "bigint"), ("kind", "smallint"),
        ("seq", "bigint"), ("conflicted", "boolean"));

    private static readonly string States = ArrayRows.Of(
        ("collection", "bigint"), ("id", "text"), ("feed", "bigint"), ("seq", "bigint"), ("version", "bigint"), ("edited_at", "bigint"),
        ("author", "text"), ("client", "text"), ("write", "text"), ("last", "bigint"), ("tombstone_at", "bigint"), ("sweep_at", "bigint"),
        ("merge", "bytea"), ("data", "bytea"), ("hidden", "bytea"), ("conflict_since", "bigint"), ("mark", "bytea"), ("conflict", "bytea"));

    // kind: -1 history alone, 0 a tombstone, 1 live.
    private static readonly string Count = $"""
        with seen as (
            select i.feed,
                coalesce(r.version, 0) = i.version and coalesce(r.last, 0) = i.last as fits,
                case when i.kind < 0 then 0 else i.kind - (r.data is not null)::integer end as records,
                case when i.kind < 0 then 0
                    else (i.kind = 0 and (i.seq > 0 or r.seq is not null))::integer - (r.data is null and r.seq is not null)::integer
                    end as tombstones,
                case when i.kind < 0 then 0 else i.conflicted::integer - (r.conflict_since is not null)::integer end as conflicts
            from {Expected} i
            left join records r on r.collection = i.collection and r.id = i.id),
        moves as (
            select feed, bool_and(fits) as fit, sum(records) as records, sum(tombstones) as tombstones, sum(conflicts) as conflicts
            from seen group by feed)
        update feeds f set
            records = f.records + m.records, tombstones = f.tombstones + m.tombstones, conflicts = f.conflicts + m.conflicts
        from moves m where f.key = m.feed and case when m.fit
            then m.records <> 0 or m.tombstones <> 0 or m.conflicts <> 0
            else refuse('{Failure.Fenced}') end
        """;

    // Where there is no place, the record keeps the one it has, with the write id and the age of its tombstone; where there is no state, that too;
    // where a conflict is only marked, its candidates.
    private static readonly string Write = $"""
        insert into records as r (
            collection, id, feed, seq, version, edited_at, author, client, write, last, tombstone_at, sweep_at,
            merge, data, hidden, conflict_since, mark, conflict)
        select * from {States} i
        on conflict (collection, id) do update set
            feed = coalesce(excluded.feed, r.feed),
            seq = coalesce(excluded.seq, r.seq),
            write = case when excluded.seq is null then r.write else excluded.write end,
            tombstone_at = case when excluded.seq is null then r.tombstone_at else excluded.tombstone_at end,
            version = excluded.version,
            edited_at = case when excluded.merge is null then r.edited_at else excluded.edited_at end,
            author = case when excluded.merge is null then r.author else excluded.author end,
            client = case when excluded.merge is null then r.client else excluded.client end,
            merge = coalesce(excluded.merge, r.merge),
            data = case when excluded.merge is null then r.data else excluded.data end,
            hidden = case when excluded.merge is null then r.hidden else excluded.hidden end,
            conflict_since = case when excluded.merge is null then r.conflict_since else excluded.conflict_since end,
            mark = case when excluded.merge is null then r.mark else excluded.mark end,
            conflict = case when excluded.merge is null or excluded.conflict is null and excluded.mark is not null
                then r.conflict else excluded.conflict end,
            last = excluded.last,
            sweep_at = coalesce(r.sweep_at, excluded.sweep_at)
        """;

    public static void Add(NpgsqlBatch batch, IReadOnlyList<RecordDraft> records, KnownConflicts known, ColumnWriter column)
    {
        if (records.Count == 0)
            return;
        AddCount(batch, records);
        AddWrite(batch, records, known, column);
    }

    private static void AddCount(NpgsqlBatch batch, IReadOnlyList<RecordDraft> records)
    {
        var count = records.Count;
        var (collections, ids, versions, lasts) = (new List<long>(count), new List<string>(count), new List<long>(count), new List<long>(count));
        var (feeds, kinds, seqs, conflicted) = (new List<long>(count), new List<short>(count), new List<long>(count), new List<bool>(count));
        foreach (var record in records)
        {
            collections.Add(record.Row.Collection);
            ids.Add(record.Id);
            versions.Add(record.ExpectedVersion);
            lasts.Add(record.ExpectedLast);
            feeds.Add(record.Row.Key);
            kinds.Add((short)(record.State is not { } state ? -1 : state.View.Deleted ? 0 : 1));
            seqs.Add(record.Seq);
            conflicted.Add(record.State?.View.Conflict is not null);
        }
        batch.Add(
            Count,
            Value.Of(collections), Value.Of(ids), Value.Of(versions), Value.Of(lasts),
            Value.Of(feeds), Value.Of(kinds), Value.Of(seqs), Value.Of(conflicted));
    }

    private static void AddWrite(NpgsqlBatch batch, IReadOnlyList<RecordDraft> records, KnownConflicts known, ColumnWriter column)
    {
        var count = records.Count;
        var (collections, ids, feeds, seqs) = (new List<long>(count), new List<string>(count), new List<long?>(count), new List<long?>(count));
        var (versions, edited, authors, clients) = (new List<long>(count), new List<long>(count), new List<string>(count), new List<string?>(count));
        var (writes, lasts, tombstones, sweeps) = (new List<string?>(count), new List<long>(count), new List<long?>(count), new List<long?>(count));
        var (merges, data, hidden) = (new List<byte[]?>(count), new List<byte[]?>(count), new List<byte[]?>(count));
        var (since, marks, conflicts) = (new List<long?>(count), new List<byte[]?>(count), new List<byte[]?>(count));
        foreach (var record in records)
        {
            var (view, placed) = (record.State?.View, record.Seq != 0);
            collections.Add(record.Row.Collection);
            ids.Add(record.Id);
            feeds.Add(placed ? record.Row.Key : null);
            seqs.Add(placed ? record.Seq : null);
            versions.Add(record.Version);
            edited.Add(view?.Timestamp.Ticks ?? 0);
            authors.Add(view?.Author ?? "");
            clients.Add(view?.Client);
            writes.Add(record.Write ?? (placed ? null : record.State?.Write));
            lasts.Add(record.Last);
            tombstones.Add(record.TombstoneAt);
            sweeps.Add(record.MayBeCrowded ? 0 : null);
            merges.Add(record.State?.Merge);
            data.Add(view?.Data);
            // A live record's data is kept once.
            hidden.Add(view is { Deleted: true } ? record.State!.Data : null);
            since.Add(view?.Conflict?.OpenedAt.Ticks);
            marks.Add(view?.Conflict is { } marked ? Mark(column, marked) : null);
            conflicts.Add(view?.Conflict is { } conflict && !known.Holds(record, conflict) ? Whole(column, conflict) : null);
        }
        batch.Add(
            Write,
            Value.Of(collections), Value.Of(ids), Value.Of(feeds), Value.Of(seqs),
            Value.Of(versions), Value.Of(edited), Value.Of(authors), Value.OfOptional(clients),
            Value.OfOptional(writes), Value.Of(lasts), Value.Of(tombstones), Value.Of(sweeps),
            Value.OfOptional(merges), Value.OfOptional(data), Value.OfOptional(hidden), Value.Of(since), Value.OfOptional(marks), Value.OfOptional(conflicts));
    }

    private static byte[] Mark(ColumnWriter column, Conflict conflict)
    {
        column.Clear();
        ConflictColumn.WriteMark(column, conflict.Mark);
        return column.Written.ToArray();
    }

    private static byte[] Whole(ColumnWriter column, Conflict conflict)
    {
        column.Clear();
        ConflictColumn.Write(column, conflict, current: false);
        return column.Written.ToArray();
    }
}
