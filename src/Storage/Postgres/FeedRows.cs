using Npgsql;

namespace OrleansSync.Storage.Postgres;

/// <summary>The feeds of a transaction: held at its beginning, if they are the writer's still and stand where it thinks, and moved to where it leaves them.</summary>
internal static class FeedRows
{
    // Held in the order of their keys, which an update alone would not see to.
    private const string Move = $"""
        with held as (
            select f.key, i.new_head, f.indexing = i.indexing as stands
            from unnest($1::bigint[], $2::bigint[], $3::bigint[], $4::bigint[], $5::bigint[]) as i(key, epoch, head, new_head, indexing)
            join feeds f on f.key = i.key and f.epoch = i.epoch and f.head = i.head
            order by f.key for no key update of f),
        moved as (update feeds f set head = h.new_head from held h where f.key = h.key and f.head <> h.new_head)
        select case
            when count(*) <> cardinality($1) then refuse('{Failure.Fenced}')
            when not bool_and(stands) then refuse('{Failure.OtherIndexes}') end
        from held
        """;

    public static void Add(NpgsqlBatch batch, CommitDraft draft)
    {
        var (keys, epochs, heads, newHeads, indexing) = (new List<long>(), new List<long>(), new List<long>(), new List<long>(), new List<long>());
        foreach (var feed in draft.Feeds)
        {
            keys.Add(feed.Row.Key);
            epochs.Add(feed.Epoch);
            heads.Add(feed.ExpectedHead);
            newHeads.Add(feed.NewHead);
            indexing.Add(feed.Row.Indexing);
        }
        batch.Add(Move, Value.Of(keys), Value.Of(epochs), Value.Of(heads), Value.Of(newHeads), Value.Of(indexing));
    }
}
