using OrleansSync.Protocol;

namespace OrleansSync.Storage.Postgres;

/// <summary>
/// Makes the index of a collection hold the wanted paths, a slice per transaction, so that commits go on in between: those keep new paths in
/// step from the start, and lists use a path when it is complete. What a crash leaves half done, the next rebuild finishes.
/// </summary>
internal sealed class IndexRebuild(Connections connections, string collection)
{
    private const int SliceRows = 500;
    private const int SliceBytes = 4 << 20;

    // Ends where the data of a slice has become large: its size is known before it is read.
    private const string Slice = """
        select r.id, r.data from (
            select id, data, sum(octet_length(data)) over (order by id rows between unbounded preceding and 1 preceding) as before
            from (
                select id, data from records where collection = $1 and id > $2 and data is not null order by id limit $3) found) r
        where r.before is null or r.before < $4
        order by r.id
        """;

    public async Task Run(IReadOnlyList<string> wanted, CancellationToken cancel)
    {
        while (true)
        {
            var work = await connections.Write(session => Begin(session, wanted), cancel);
            foreach (var path in work.Leaving)
                while (!await connections.Write(session => Clear(session, path), cancel)) { }
            for (var last = work.Filling.Count == 0 ? null : ""; last is { } after;)
                last = await connections.Write(session => Fill(session, work.Filling, after), cancel);
            await connections.Write(session => Complete(session, work.Filling), cancel);
            if (!work.Again)
                return;
        }
    }

    /// <summary>Notes what is wanted: from its commit on, writes keep the new paths in step.</summary>
    private async Task<Work> Begin(Session session, IReadOnlyList<string> wanted)
    {
        await CollectionTable.Reserve(session, collection);
        var key = (await CollectionTable.Hold(session, collection)).GetValueOrDefault();
        var known = await IndexTable.Read(session, key);
        var unwanted = known.Where(path => path.State != IndexState.Leaving && !wanted.Contains(path.Path.ToString())).ToList();
        var added = wanted.Where(path => !known.Any(old => old.Path.ToString() == path)).ToList();
        foreach (var path in unwanted)
            await IndexTable.Set(session, path, IndexState.Leaving);
        foreach (var path in added)
            await IndexTable.Add(session, key, path);
        if (unwanted.Count + added.Count > 0)
            await IndexTable.Announce(session, key);
        var all = await IndexTable.Read(session, key);
        return new(
            [.. all.Where(path => path.State == IndexState.Leaving)],
            [.. all.Where(path => path.State == IndexState.Filling)],
            all.Any(path => path.State == IndexState.Leaving && wanted.Contains(path.Path.ToString())));
    }

    /// <summary>Takes a slice of a leaving path out; true when it is gone.</summary>
    private static async Task<bool> Clear(Session session, IndexedPath path)
    {
        var cleared = await session.Do(
            "delete from field_index where path = $1 and id in (select id from field_index where path = $1 order by id limit $2)",
            Value.Of(path.Key),
            Value.Of(SliceRows));
        if (cleared > 0)
            return false;
        await IndexTable.Remove(session, path);
        return true;
    }

    /// <summary>Indexes the records after an id, while commits wait; answers the last one's id, or null when there are no more.</summary>
    private async Task<string?> Fill(Session session, IReadOnlyList<IndexedPath> paths, string after)
    {
        if (await CollectionTable.Hold(session, collection) is not { } key)
            return null;
        var rows = await session.Rows(
            Slice,
            row => (Id: row.GetString(0), Data: row.GetFieldValue<byte[]>(1)),
            Value.Of(key),
            Value.Of(after),
            Value.Of(SliceRows),
            Value.Of(SliceBytes));
        if (rows.Count == 0)
            return null;
        var index = new FieldIndex();
        foreach (var (id, data) in rows)
            index.Move(paths, id, data);
        await session.Do(FieldIndex.Put, index.PutValues());
        return rows[^1].Id;
    }

    private static async Task<bool> Complete(Session session, IReadOnlyList<IndexedPath> paths)
    {
        foreach (var path in paths)
            await IndexTable.Set(session, path, IndexState.Complete);
        return true;
    }

    /// <summary>What a rebuild has to do.</summary>
    /// <param name="Again">A wanted path was still on its way out: it can only be added when that is done.</param>
    private sealed record Work(IReadOnlyList<IndexedPath> Leaving, IReadOnlyList<IndexedPath> Filling, bool Again);
}
