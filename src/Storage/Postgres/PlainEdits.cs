using Npgsql;

namespace OrleansSync.Storage.Postgres;

/// <summary>
/// The records of a transaction that are live, without a conflict, and stay so under a new place: nearly all. Compared and written by one statement, half the
/// work of <see cref="RecordRows"/>, and no count moves. What a record was before is a guess, which the statement checks: where it was wrong the
/// transaction is made again the other way.
/// </summary>
internal static class PlainEdits
{
    private static readonly string Rows = ArrayRows.Of(
        ("collection", "bigint"), ("id", "text"), ("expected_version", "bigint"), ("expected_last", "bigint"), ("feed", "bigint"), ("seq", "bigint"),
        ("version", "bigint"), ("edited_at", "bigint"), ("author", "text"), ("client", "text"), ("write", "text"), ("last", "bigint"),
        ("sweep_at", "bigint"), ("merge", "bytea"), ("data", "bytea"));

    // What else a row has is empty before and after.
    private static readonly string Write = $"""
        with written as (
            update records r set
                feed = i.feed, seq = i.seq, version = i.version, edited_at = i.edited_at, author = i.author, client = i.client, write = i.write,
                last = i.last, sweep_at = coalesce(r.sweep_at, i.sweep_at), merge = i.merge, data = i.data
            from {Rows} i
            where r.collection = i.collection and r.id = i.id and r.version = i.expected_version and r.last = i.expected_last
                and r.data is not null and r.conflict_since is null
            returning true)
        select case when count(*) <> cardinality($1) then refuse('{Failure.NotPlain}') end from written
        """;

    public static void Add(NpgsqlBatch batch, IReadOnlyList<RecordDraft> records)
    {
        if (records.Count == 0)
            return;
        var count = records.Count;
        var (collections, ids, expectedVersions, expectedLasts) = (new List<long>(count), new List<string>(count), new List<long>(count), new List<long>(count));
        var (feeds, seqs, versions, lasts) = (new List<long>(count), new List<long>(count), new List<long>(count), new List<long>(count));
        var (edited, authors, clients, writes) = (new List<long>(count), new List<string>(count), new List<string?>(count), new List<string?>(count));
        var (sweeps, merges, data) = (new List<long?>(count), new List<byte[]>(count), new List<byte[]>(count));
        foreach (var record in records)
        {
            var state = record.State!;
            collections.Add(record.Row.Collection);
            ids.Add(record.Id);
            expectedVersions.Add(record.ExpectedVersion);
            expectedLasts.Add(record.ExpectedLast);
            feeds.Add(record.Row.Key);
            seqs.Add(record.Seq);
            versions.Add(record.Version);
            edited.Add(state.View.Timestamp.Ticks);
            authors.Add(state.View.Author);
            clients.Add(state.View.Client);
            writes.Add(record.Write);
            lasts.Add(record.Last);
            sweeps.Add(record.MayBeCrowded ? 0 : null);
            merges.Add(state.Merge);
            data.Add(state.View.Data!);
        }
        batch.Add(
            Write,
            Value.Of(collections), Value.Of(ids), Value.Of(expectedVersions), Value.Of(expectedLasts), Value.Of(feeds),
            Value.Of(seqs), Value.Of(versions), Value.Of(edited), Value.Of(authors), Value.OfOptional(clients),
            Value.OfOptional(writes), Value.Of(lasts), Value.Of(sweeps), Value.Of(merges), Value.Of(data));
    }
}
