using Npgsql;
using OrleansSync.Protocol;

namespace OrleansSync.Storage.Postgres;

/// <summary>
/// The keys of feeds, and which paths their collections index: asked once. Keys never change; when the paths do, the feed's row says so, and what
/// is known of it is asked again. For one commit at a time.
/// </summary>
internal sealed class KnownFeeds
{
    private const int MostKnown = 50_000;

    private const string Ask = """
        select f.key, f.collection, f.indexing,
            array(select i.key from indexes i where i.collection = f.collection and i.state <> $3 order by i.key),
            array(select i.path from indexes i where i.collection = f.collection and i.state <> $3 order by i.key)
        from feeds f join collections c on c.key = f.collection where c.name = $1 and f.partition = $2
        """;

    private readonly Dictionary<(string Collection, int Partition), FeedRow> _known = [];

    /// <summary>Null when there is no such feed yet.</summary>
    public FeedRow? Find(NpgsqlConnection connection, FeedBatch batch)
    {
        if (_known.TryGetValue((batch.Collection, batch.Partition), out var known))
            return known;
        using var command = new NpgsqlCommand(Ask, connection);
        command.Parameters.AddRange(new[] { Value.Of(batch.Collection), Value.Of(batch.Partition), Value.Of((long)IndexState.Leaving) });
        using var row = command.ExecuteReader();
        if (!row.Read())
            return null;
        if (_known.Count >= MostKnown)
            _known.Clear();
        return _known[(batch.Collection, batch.Partition)] = new(
            row.GetInt64(0), row.GetInt64(1), row.GetInt64(2), Paths(row.GetFieldValue<long[]>(3), row.GetFieldValue<string[]>(4)));
    }

    public void Forget(IReadOnlyList<FeedBatch> batches)
    {
        foreach (var batch in batches)
            _known.Remove((batch.Collection, batch.Partition));
    }

    private static IReadOnlyList<IndexedPath> Paths(long[] keys, string[] paths) =>
        [.. keys.Zip(paths, (key, path) => new IndexedPath(key, FieldPath.Parse(path), IndexState.Filling))];
}

/// <summary>A feed partition's keys, and the paths that its commits keep in the index.</summary>
/// <param name="Indexing">Which set of paths that is: a commit that knows another one is told so.</param>
internal sealed record FeedRow(long Key, long Collection, long Indexing, IReadOnlyList<IndexedPath> Paths);
