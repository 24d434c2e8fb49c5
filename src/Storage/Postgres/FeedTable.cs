using System.Security.Cryptography;
using OrleansSync.Protocol;

namespace OrleansSync.Storage.Postgres;

/// <summary>Feed partitions and who owns them.</summary>
internal static class FeedTable
{
    private const int IncarnationLength = 8;
    private const string IncarnationLetters = "0123456789abcdefghijklmnopqrstuvwxyz";

    public static async Task<FeedOwnership> Take(Session session, string collection, int partition)
    {
        await CollectionTable.Reserve(session, collection);
        await Create(session, collection, partition);
        return (await session.Row(
            """
            update feeds f set epoch = f.epoch + 1 from collections c
            where c.name = $1 and f.collection = c.key and f.partition = $2
            returning f.epoch, f.incarnation, f.head, f.floor
            """,
            row => new FeedOwnership(row.GetInt64(0), new(row.GetString(1), row.GetInt64(2), row.GetInt64(3))),
            Value.Of(collection),
            Value.Of(partition)))!;
    }

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
