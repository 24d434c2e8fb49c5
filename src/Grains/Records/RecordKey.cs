using OrleansSync.Grains.Feeds;

namespace OrleansSync.Grains.Records;

/// <summary>The key of a record grain: <c>collection/id</c>. Neither part can hold a slash.</summary>
public readonly record struct RecordKey(string Collection, string Id)
{
    /// <summary>The feed partition that carries the record's changes.</summary>
    public FeedKey Feed => new(Collection, 0);

    public override string ToString() => $"{Collection}/{Id}";

    public static RecordKey Parse(string key)
    {
        var slash = key.IndexOf('/');
        return new(key[..slash], key[(slash + 1)..]);
    }
}
