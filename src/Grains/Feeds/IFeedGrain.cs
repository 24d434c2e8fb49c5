using OrleansSync.Protocol;
using OrleansSync.Storage;

namespace OrleansSync.Grains.Feeds;

/// <summary>One partition of a collection's feed: the only giver of places in it. Key: <see cref="FeedKey"/>.</summary>
public interface IFeedGrain : IGrainWithStringKey
{
    /// <summary>Gives the commit the next place and answers when it is durable, or says why not.</summary>
    /// <param name="life">Rises each time the record starts over: after a refusal nothing decided in the same life is taken any more.</param>
    /// <param name="from">The record's silo.</param>
    Task<AppendAnswer> Append(RecordCommit commit, long settingsRevision, long life, SiloAddress from);

    /// <summary>
    /// The settings under which it accepts writes. For a collection that does not exist: revision 0. What is read of the store after the answer is
    /// not overtaken by commits of an earlier owner.
    /// </summary>
    Task<Collection> ReadCollection();

    /// <summary>
    /// Where the feed stands, and which settings hold. For a collection that does not exist: revision 0, head 0.
    /// Who asks at least every ten seconds has the feed's entries sent on the stream.
    /// </summary>
    Task<FeedState> ReadState();

    /// <summary>
    /// Entries after a place, oldest first, at most <paramref name="limit"/>: from memory where it reaches back far enough (those know what
    /// stood before), else from the store. Returns at once.
    /// </summary>
    Task<FeedSlice> ReadAfter(long after, int limit);

    /// <summary>Takes new settings over; from its return on, writes decided under older ones are refused and decided again.</summary>
    Task Adopt(Collection collection);
}

/// <summary>The name of a feed partition, as grain key and as stream key: <c>collection/partition</c>.</summary>
public readonly record struct FeedKey(string Collection, int Partition)
{
    public override string ToString() => $"{Collection}/{Partition}";

    public static FeedKey Parse(string key)
    {
        var slash = key.IndexOf('/');
        return new(key[..slash], int.Parse(key.AsSpan(slash + 1)));
    }
}

/// <summary>What became of an append.</summary>
public enum AppendStatus : byte
{
    Committed,
    /// <summary>The settings moved on: decide again under those that came with the answer.</summary>
    SettingsMoved,
    /// <summary>Not committed, because this feed or the record is not what the store holds: reload and decide again.</summary>
    Fenced,
    /// <summary>The store did not answer: it may or may not have happened.</summary>
    Unavailable,
    /// <summary>Too much is waiting already: nothing happened.</summary>
    Overloaded,
}

[GenerateSerializer, Immutable]
public sealed record AppendAnswer([property: Id(0)] AppendStatus Status, [property: Id(1)] Collection? Collection = null);

[GenerateSerializer, Immutable]
public sealed record FeedState([property: Id(0)] FeedPlace Place, [property: Id(1)] Collection Collection);

/// <summary>A run of the feed.</summary>
/// <param name="Entries">Oldest first; those from the store are the latest version of each record only.</param>
/// <param name="UpTo">The reader now knows everything up to this place.</param>
/// <param name="Head">The newest place when it was read.</param>
[GenerateSerializer, Immutable]
public sealed record FeedSlice(
    [property: Id(0)] IReadOnlyList<FeedEntry> Entries, [property: Id(1)] long UpTo, [property: Id(2)] FeedPlace Head);
