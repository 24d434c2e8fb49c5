using Npgsql;

namespace OrleansSync.Storage.Postgres;

/// <summary>The feeds of a transaction: held at its beginning, if they are the writer's still and stand where it thinks.</summary>
internal static class FeedRows
{
    private const string Hold = $"""
        with held as (
            select f.indexing = i.indexing as stands
            from unnest($1::bigint[], $2::bigint[], $3::bigint[], $4::bigint[]) as i(key, epoch, head, indexing)
            join feeds f on f.key = i.key and f.epoch = i.epoch and f.head = i.head
            order by f.key for no key update of f)
        select case
            when count(*) <> cardinality($1) then refuse('{Failure.Fenced}')
            when not bool_and(stands) then refuse('{Failure.OtherIndexes}') end
        from held
        """;

    public static void Add(NpgsqlBatch batch, CommitDraft draft)
    {
        var (keys, epochs, heads, indexing) = (new List<long>(), new List<long>(), new List<long>(), new List<long>());
        foreach (var feed in draft.Feeds)
        {
            keys.Add(feed.Row.Key);
            epochs.Add(feed.Epoch);
            heads.Add(feed.ExpectedHead);
            indexing.Add(feed.Row.Indexing);
        }
        batch.Add(Hold, Value.Of(keys), Value.Of(epochs), Value.Of(heads), Value.Of(indexing));
    }
}
