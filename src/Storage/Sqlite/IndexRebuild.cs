using OrleansSync.Protocol;

namespace OrleansSync.Storage.Sqlite;

/// <summary>
/// Makes the index of a collection hold the wanted paths, a slice per transaction, so that commits go on in between: those keep new paths in
/// step from the start, and lists use a path when it is complete. What a crash leaves half done, the next rebuild finishes.
/// </summary>
internal sealed class IndexRebuild(Database database, CollectionTable collections, IndexTable indexes, FieldIndex index)
{
    private const int SliceRows = 500;

    private readonly Statement _rows = database.Prepare(
        $"select key, id, data from records where collection = ? and key > ? order by key limit {SliceRows}");
    private readonly Statement _clear = database.Prepare($"""
        delete from field_index where (path, sort_key, id) in (select path, sort_key, id from field_index where path = ? limit {SliceRows})
        """);

    /// <summary>Notes what is wanted: from its commit on, writes keep the new paths in step.</summary>
    public IndexWork Begin(string collection, IReadOnlyList<string> wanted)
    {
        var key = collections.FindOrReserve(collection);
        var known = indexes.Read(key);
        foreach (var path in known.Where(path => path.State != IndexState.Leaving && !wanted.Contains(path.Path.ToString())))
            indexes.Set(path, IndexState.Leaving);
        foreach (var path in wanted.Where(path => !known.Any(old => old.Path.ToString() == path)))
            indexes.Add(key, path);
        var all = indexes.Read(key);
        return new(
            key,
            [.. all.Where(path => path.State == IndexState.Leaving)],
            [.. all.Where(path => path.State == IndexState.Filling)],
            all.Any(path => path.State == IndexState.Leaving && wanted.Contains(path.Path.ToString())));
    }

    /// <summary>Takes a slice of a leaving path out; true when it is gone.</summary>
    public bool Clear(IndexedPath path)
    {
        _clear.Bind(1, path.Key).Run();
        if (database.Changes > 0)
            return false;
        indexes.Remove(path);
        return true;
    }

    /// <summary>Indexes the records after a key; answers the last one's key, or null when there are no more.</summary>
    public long? Fill(IndexWork work, long after)
    {
        long? last = null;
        _rows.Bind(1, work.Collection).Bind(2, after);
        while (_rows.Step())
        {
            last = _rows.Long(0);
            if (_rows.IsNull(2))
                continue;
            foreach (var path in work.Filling)
                index.Add(path, SortKey.Of(_rows.Span(2), path.Path), _rows.Text(1), _rows.Long(0));
        }
        return last;
    }

    public void Complete(IndexWork work)
    {
        foreach (var path in work.Filling)
            indexes.Set(path, IndexState.Complete);
    }
}

/// <summary>What a rebuild has to do.</summary>
/// <param name="Again">A wanted path was still on its way out: it can only be added when that is done.</param>
internal sealed record IndexWork(long Collection, IReadOnlyList<IndexedPath> Leaving, IReadOnlyList<IndexedPath> Filling, bool Again);
