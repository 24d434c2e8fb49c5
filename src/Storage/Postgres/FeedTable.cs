using System.Security.Cryptography;
using OrleansSync.Protocol;

namespace OrleansSync.Storage.Postgres;

/// <summary>Feed partitions and who owns them.</summary>
internal static class FeedTable
{
    private const int IncarnationLength = 8;
    private const string IncarnationLetters = "0123456789abcdefghijklmnopqrstuvwxyz";

    public static async Task<FeedOwnership> Take(Session session, string collection, int partition, string owner)
    {
        await CollectionTable.Reserve(session, collection);
        await Create(session, collection, partition);
        return (await session.Row(
            """
            with before as (
                select f.key, f.owner from feeds f join collections c on f.collection = c.key
                where c.name = $1 and f.partition = $2 for update of f)
            update feeds f set epoch = f.epoch + 1, owner = $3 from before b where f.key = b.key
            returning f.epoch, f.incarnation, f.head, f.floor, b.owner
            """,
            row => new FeedOwnership(row.GetInt64(0), new(row.GetString(1), row.GetInt64(2), row.GetInt64(3)), row.TextOrNull(4)),
            Value.Of(collection),
            Value.Of(partition),
            Value.Of(owner)))!;
    }

    public static Task Release(Session session, HeldFeed feed) => session.Do(
        """
        update feeds f set owner = null from collections c
        where c.name = $1 and f.collection = c.key and f.partition = $2 and f.epoch = $3
        """,
        Value.Of(feed.Collection),
        Value.Of(feed.Partition),
        Value.Of(feed.Epoch));

    public static async Task<IReadOnlyList<bool>> AreHeld(Session session, IReadOnlyList<HeldFeed> feeds) => await session.Rows(
        """
        select f.key is not null from unnest($1::text[], $2::bigint[], $3::bigint[]) with ordinality as i(collection, partition, epoch, place)
        left join collections c on c.name = i.collection
        left join feeds f on f.collection = c.key and f.partition = i.partition and f.epoch = i.epoch
        order by i.place
        """,
        row => row.GetBoolean(0),
        Value.Of(feeds.Select(feed => feed.Collection).ToList()),
        Value.Of(feeds.Select(feed => (long)feed.Partition).ToList()),
        Value.Of(feeds.Select(feed => feed.Epoch).ToList()));

    public static Task<FeedPlace?> ReadPlace(Session session, string collection, int partition) => session.Row(
        """
        select f.incarnation, f.head, f.floor from feeds f join collections c on c.key = f.collection
        where c.name = $1 and f.partition = $2
        """,
        row => new FeedPlace(row.GetString(0), row.GetInt64(1), row.GetInt64(2)),
        Value.Of(collection),
        Value.Of(partition));

    // The share of the collection's row keeps out whoever holds the whole collection: it holds those feeds only that there are.
    private static Task Create(Session session, string collection, int partition) => session.Do(
        """
        insert into feeds(collection, partition, epoch, incarnation, head, floor, records, tombstones, conflicts, indexing)
        select c.key, $2, 0, $3, 0, 0, 0, 0, 0, c.indexing from collections c
        where c.name = $1 and not exists (select from feeds f where f.collection = c.key and f.partition = $2)
        for share of c
        on conflict do nothing
        """,
        Value.Of(collection),
        Value.Of(partition),
        Value.Of(RandomNumberGenerator.GetString(IncarnationLetters, IncarnationLength)));
}
