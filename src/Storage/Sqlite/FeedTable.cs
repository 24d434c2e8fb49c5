using System.Security.Cryptography;

namespace OrleansSync.Storage.Sqlite;

/// <summary>Feed partitions and who owns them. Belongs to the writing connection.</summary>
internal sealed class FeedTable(Database database, CollectionTable collections)
{
    private const int IncarnationLength = 8;
    private const string IncarnationLetters = "0123456789abcdefghijklmnopqrstuvwxyz";
    private const int MostCached = 50_000;

    private readonly Statement _find = database.Prepare(
        "select key from feeds where collection = ? and partition = ?");
    private readonly Statement _create = database.Prepare(
        "insert into feeds(collection, partition, epoch, incarnation, head, floor, records, tombstones) values(?, ?, 0, ?, 0, 0, 0, 0)");
    private readonly Statement _take = database.Prepare(
        "update feeds set epoch = epoch + 1, owner = ? where key = ?");
    private readonly Statement _release = database.Prepare(
        "update feeds set owner = null where key = ? and epoch = ?");
    private readonly Statement _isHeld = database.Prepare(
        "select 1 from feeds where key = ? and epoch = ?");
    private readonly Statement _read = database.Prepare(
        "select epoch, incarnation, head, floor, owner from feeds where key = ?");
    private readonly Statement _holds = database.Prepare(
        "select 1 from feeds where key = ? and epoch = ? and head = ?");
    private readonly Statement _move = database.Prepare(
        "update feeds set head = ?, records = records + ?, tombstones = tombstones + ?, conflicts = conflicts + ? where key = ?");
    private readonly Statement _forget = database.Prepare(
        "update feeds set floor = max(floor, ?), tombstones = tombstones - 1 where key = ?");

    // Keys never change and rows are never deleted, so what was once committed stays right.
    private readonly Dictionary<(string Collection, int Partition), FeedRow> _known = [];

    public FeedOwnership Take(string collection, int partition, string owner)
    {
        var collectionKey = collections.FindOrReserve(collection);
        if (FindKey(collectionKey, partition) is not { } key)
        {
            _create.Bind(1, collectionKey).Bind(2, partition)
                .Bind(3, RandomNumberGenerator.GetString(IncarnationLetters, IncarnationLength)).Run();
            key = database.LastKey;
        }
        _read.Bind(1, key).Step();
        var ownership = new FeedOwnership(_read.Long(0) + 1, new(_read.Text(1), _read.Long(2), _read.Long(3)), _read.TextOrNull(4));
        _read.Reset();
        _take.Bind(1, owner).Bind(2, key).Run();
        return ownership;
    }

    public void Release(HeldFeed feed)
    {
        if (Find(feed.Collection, feed.Partition) is { } row)
            _release.Bind(1, row.Key).Bind(2, feed.Epoch).Run();
    }

    public bool IsHeld(HeldFeed feed)
    {
        if (Find(feed.Collection, feed.Partition) is not { } row)
            return false;
        var held = _isHeld.Bind(1, row.Key).Bind(2, feed.Epoch).Step();
        _isHeld.Reset();
        return held;
    }

    public FeedRow? Find(string collection, int partition)
    {
        if (_known.TryGetValue((collection, partition), out var known))
            return known;
        if (collections.Find(collection) is not { } collectionKey || FindKey(collectionKey, partition) is not { } key)
            return null;
        if (_known.Count >= MostCached)
            _known.Clear();
        return _known[(collection, partition)] = new(key, collectionKey);
    }

    public bool Holds(FeedRow feed, long epoch, long head)
    {
        var holds = _holds.Bind(1, feed.Key).Bind(2, epoch).Bind(3, head).Step();
        _holds.Reset();
        return holds;
    }

    public void Move(FeedRow feed, long head, FeedCounts moved) =>
        _move.Bind(1, head).Bind(2, moved.Records).Bind(3, moved.Tombstones).Bind(4, moved.Conflicts).Bind(5, feed.Key).Run();

    public void ForgetTombstone(long feed, long seq) => _forget.Bind(1, seq).Bind(2, feed).Run();

    private long? FindKey(long collection, int partition)
    {
        long? key = _find.Bind(1, collection).Bind(2, partition).Step() ? _find.Long(0) : null;
        _find.Reset();
        return key;
    }
}

/// <summary>A feed partition's keys.</summary>
internal readonly record struct FeedRow(long Key, long Collection);
