using OrleansSync.Grains.Feeds;
using OrleansSync.Storage;

namespace OrleansSync.Grains.Records;

/// <summary>The key of a record grain: <c>collection/id</c>. Neither part can hold a slash.</summary>
public readonly record struct RecordKey(string Collection, string Id)
{
    /// <summary>The feed partition that carries the record's changes, in a collection with so many of them.</summary>
    public FeedKey FeedOf(int partitions) =>
        new(Collection, partitions == 1 ? 0 : (int)((ulong)WriteHash.Of(Collection, Id) % (ulong)partitions));

    public override string ToString() => $"{Collection}/{Id}";

    public static RecordKey Parse(string key)
    {
        var slash = key.IndexOf('/');
        return new(key[..slash], key[(slash + 1)..]);
    }
}
