using System.Text;
using OrleansSync.Gateway.Feeds;
using OrleansSync.Grains.Feeds;
using OrleansSync.Protocol;

namespace OrleansSync.Gateway.Tests.Feeds;

/// <summary>
/// A collection in memory whose feed remembers its newest entries, keeps the latest version of each record beyond that, and whose stream brings only
/// what the test lets through.
/// </summary>
/// <param name="start">Where each partition stood before anything was written.</param>
internal sealed class FeedModel(int partitions = 1, long start = 0) : IFeedSource
{
    public const string Name = "todos";

    private readonly ModelPartition[] _partitions = [.. Enumerable.Range(0, partitions).Select(_ => new ModelPartition(start))];
    private int _reads;
    private int _states;

    public Collection Collection { get; set; } = new(Name, 1, CollectionSettings.Default with { Partitions = partitions }, default);

    /// <summary>How many of the newest entries of a partition are remembered with what stood before them.</summary>
    public int Remembers { get; set; } = 4096;

    /// <summary>The most entries that a reading brings, whatever it asks for.</summary>
    public int MostRead { get; set; } = 4096;

    /// <summary>Whether a write reaches the stream's followers by itself.</summary>
    public bool Streams { get; set; } = true;

    public int Reads => Volatile.Read(ref _reads);

    public int States => Volatile.Read(ref _states);

    public int Followers => _partitions.Sum(partition => partition.Followers);

    /// <summary>Where each partition stands.</summary>
    public long[] Heads => Array.ConvertAll(_partitions, partition => partition.Place.Head);

    public long[] Floors => Array.ConvertAll(_partitions, partition => partition.Place.Floor);

    public void Put(string id, string data) => Commit(id, Encoding.UTF8.GetBytes(data));

    public void Delete(string id) => Commit(id, null);

    public bool IsLive(string id) => PartitionOf(id).IsLive(id);

    private void Commit(string id, byte[]? data)
    {
        PartitionOf(id).Commit(id, data);
        if (Streams) Deliver();
    }

    /// <summary>Lets the stream bring what it holds back.</summary>
    public void Deliver(bool reversed = false)
    {
        foreach (var partition in _partitions) partition.Deliver(reversed);
    }

    /// <summary>Brings the newest entries once more.</summary>
    public void DeliverAgain(int count)
    {
        foreach (var partition in _partitions) partition.HoldAgain(count);
        Deliver();
    }

    /// <summary>Loses what the stream holds back.</summary>
    public void Lose()
    {
        foreach (var partition in _partitions) partition.Lose();
    }

    /// <summary>Forgets tombstones up to a place.</summary>
    public void Sweep(long floor)
    {
        foreach (var partition in _partitions) partition.Sweep(floor);
    }

    /// <summary>Forgets tombstones up to a part of the way that each partition has gone.</summary>
    public void SweepPercent(int percent)
    {
        foreach (var partition in _partitions) partition.SweepPercent(percent);
    }

    /// <summary>The database is another one now.</summary>
    public void Restore()
    {
        foreach (var partition in _partitions) partition.Restore();
        Put("restored", "{}");
    }

    public Task<FeedState> ReadState(FeedKey key)
    {
        Interlocked.Increment(ref _states);
        return Task.FromResult(new FeedState(_partitions[key.Partition].Place, Collection));
    }

    public Task<FeedSlice> ReadAfter(FeedKey key, long after, int limit)
    {
        Interlocked.Increment(ref _reads);
        return Task.FromResult(_partitions[key.Partition].ReadAfter(after, Math.Min(limit, MostRead), Remembers));
    }

    public Task<IAsyncDisposable> Follow(FeedKey key, Action<IReadOnlyList<FeedEntry>> arrived) =>
        Task.FromResult(_partitions[key.Partition].Follow(arrived));

    /// <summary>The live records as of a place in each partition that pass, as <c>id@version</c>.</summary>
    public SortedSet<string> AsOf(IReadOnlyList<long> places, Func<RecordVersion, bool> passes) =>
    [
        .. _partitions.SelectMany((partition, number) => partition.AsOf(places[number]))
            .Where(record => !record.Deleted && passes(record)).Select(record => $"{record.Id}@{record.Version}"),
    ];

    /// <summary>Whether any version of the record ever passed.</summary>
    public bool Ever(string id, Func<RecordVersion, bool> passes) => PartitionOf(id).Ever(id, passes);

    private ModelPartition PartitionOf(string id) => _partitions[id.Sum(letter => letter) % _partitions.Length];
}
