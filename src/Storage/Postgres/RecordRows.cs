using Npgsql;

namespace OrleansSync.Storage.Postgres;

/// <summary>
/// The records of a transaction: compared with what it expects of them, which also tells how its feeds' counts move, and then written. Counted from
/// what the store holds, so that it stays right when a tombstone was forgotten.
/// </summary>
internal static class RecordRows
{
    // kind: -1 history alone, 0 a tombstone, 1 live.
    private const string Move = $"""
        with seen as (
            select i.feed,
                coalesce(r.version, 0) = i.version and coalesce(r.last, 0) = i.last as fits,
                case when i.kind < 0 then 0 else i.kind - (r.data is not null)::integer end as records,
                case when i.kind < 0 then 0
                    else (i.kind = 0 and (i.seq > 0 or r.seq is not null))::integer - (r.data is null and r.seq is not null)::integer
                    end as tombstones,
                case when i.kind < 0 then 0 else i.conflicted::integer - (r.conflict_since is not null)::integer end as conflicts
            from unnest($1::bigint[], $2::text[], $3::bigint[], $4::bigint[], $5::bigint[], $6::smallint[], $7::bigint[], $8::boolean[])
                as i(collection, id, version, last, feed, kind, seq, conflicted)
            left join records r on r.collection = i.collection and r.id = i.id),
        moves as (
            select feed, bool_and(fits) as fit, sum(records) as records, sum(tombstones) as tombstones, sum(conflicts) as conflicts
            from seen group by feed)
        update feeds f set
            head = h.head,
            records = f.records + coalesce(m.records, 0),
            tombstones = f.tombstones + coalesce(m.tombstones, 0),
            conflicts = f.conflicts + coalesce(m.conflicts, 0)
        from unnest($9::bigint[], $10::bigint[]) as h(feed, head) left join moves m on m.feed = h.feed
        where f.key = h.feed and case when coalesce(m.fit, true)
            then h.head <> f.head or m.records <> 0 or m.tombstones <> 0 or m.conflicts <> 0
            else refuse('{Failure.Fenced}') end
        """;

    // Where there is no place, the record keeps the one it has, with the write id and the age of its tombstone; where there is no state, that too.
    private const string Write = """
        insert into records as r (
            collection, id, feed, seq, version, edited_at, author, client, write, last, tombstone_at, sweep_at,
            merge, data, hidden, conflict_since, mark, conflict)
        select i.collection, i.id, i.feed, i.seq, i.version, i.edited_at, i.author, i.client, i.write, i.last, i.tombstone_at, i.sweep_at,
            i.merge, i.data, i.hidden, i.conflict_since, i.mark, i.conflict
        from unnest(
            $1::bigint[], $2::text[], $3::bigint[], $4::bigint[], $5::bigint[], $6::bigint[], $7::text[], $8::text[], $9::text[], $10::bigint[],
            $11::bigint[], $12::bigint[], $13::bytea[], $14::bytea[], $15::bytea[], $16::bigint[], $17::bytea[], $18::bytea[])
            as i(collection, id, feed, seq, version, edited_at, author, client, write, last, tombstone_at, sweep_at,
                merge, data, hidden, conflict_since, mark, conflict)
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

    public static void Add(NpgsqlBatch batch, CommitDraft draft, ColumnWriter column)
    {
        AddMove(batch, draft);
        AddWrite(batch, draft, column);
    }

    private static void AddMove(NpgsqlBatch batch, CommitDraft draft)
    {
        var count = draft.Records.Count;
        var (collections, ids, versions, lasts) = (new List<long>(count), new List<string>(count), new List<long>(count), new List<long>(count));
        var (feeds, kinds, seqs, conflicted) = (new List<long>(count), new List<short>(count), new List<long>(count), new List<bool>(count));
        foreach (var record in draft.Records)
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
        var (keys, heads) = (new List<long>(), new List<long>());
        foreach (var feed in draft.Feeds)
        {
            keys.Add(feed.Row.Key);
            heads.Add(feed.NewHead);
        }
        batch.Add(
            Move,
            Value.Of(collections), Value.Of(ids), Value.Of(versions), Value.Of(lasts),
            Value.Of(feeds), Value.Of(kinds), Value.Of(seqs), Value.Of(conflicted),
            Value.Of(keys), Value.Of(heads));
    }

    private static void AddWrite(NpgsqlBatch batch, CommitDraft draft, ColumnWriter column)
    {
        var count = draft.Records.Count;
        var (collections, ids, feeds, seqs) = (new List<long>(count), new List<string>(count), new List<long?>(count), new List<long?>(count));
        var (versions, edited, authors, clients) = (new List<long>(count), new List<long>(count), new List<string>(count), new List<string?>(count));
        var (writes, lasts, tombstones, sweeps) = (new List<string?>(count), new List<long>(count), new List<long?>(count), new List<long?>(count));
        var (merges, data, hidden) = (new List<byte[]?>(count), new List<byte[]?>(count), new List<byte[]?>(count));
        var (since, conflicts) = (new List<long?>(count), new List<byte[]?>(count));
        foreach (var record in draft.Records)
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
            conflicts.Add(view?.Conflict is { } conflict ? Bytes(column, conflict) : null);
        }
        batch.Add(
            Write,
            Value.Of(collections), Value.Of(ids), Value.Of(feeds), Value.Of(seqs),
            Value.Of(versions), Value.Of(edited), Value.Of(authors), Value.OfOptional(clients),
            Value.OfOptional(writes), Value.Of(lasts), Value.Of(tombstones), Value.Of(sweeps),
            Value.OfOptional(merges), Value.OfOptional(data), Value.OfOptional(hidden), Value.Of(since), Value.OfOptional(conflicts));
    }

    private static byte[] Bytes(ColumnWriter column, Protocol.Conflict conflict)
    {
        column.Clear();
        ConflictColumn.Write(column, conflict, current: false);
        return column.Written.ToArray();
    }
}
