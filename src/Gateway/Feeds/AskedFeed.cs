using OrleansSync.Gateway.Access;
using OrleansSync.Protocol;

namespace OrleansSync.Gateway.Feeds;

/// <summary>A request held against the collection as it is: which feed it is, what of it is seen, and where the reader stands in it.</summary>
internal sealed class AskedFeed
{
    private AskedFeed() { }

    public required FeedRequest Request { get; init; }
    public required Collection Collection { get; init; }
    public required FeedIdentity Identity { get; init; }
    public required FeedLens Lens { get; init; }

    /// <summary>Where each partition stood when it was asked for.</summary>
    public required IReadOnlyList<FeedPlace> Heads { get; init; }

    /// <summary>Where the reader stands; the beginning, where <see cref="Reset"/> says so.</summary>
    public required FeedPosition Place { get; init; }

    /// <summary>The first page's since: the reader's own text, where they gave one.</summary>
    public required string Since { get; init; }

    /// <summary>Why the reader must start again; null = they can go on.</summary>
    public string? Reset { get; private init; }

    public FeedPosition Head => HeadOf(Heads);

    /// <summary>The cursor of the beginning.</summary>
    public string Start => FeedCursor.Write(Identity, FeedPosition.Start(Heads.Count));

    /// <param name="feed">The name of a feed that goes on under new settings; null = a new one.</param>
    public static AskedFeed Of(FeedRequest request, Collection collection, IReadOnlyList<FeedPlace> heads, string? feed)
    {
        var identity = FeedIdentity.Of(request, collection.Settings, feed);
        var start = FeedPosition.Start(heads.Count);
        var (place, reset) = request.Since switch
        {
            null => (start, null),
            FeedRequest.Now => (HeadOf(heads), null),
            { } text => Resume(text, identity, heads),
        };
        return new()
        {
            Request = request,
            Collection = collection,
            Identity = identity,
            Lens = FeedLens.For(request.Filter, collection.Settings.Owner, AccessRules.OwnView(request.Caller, collection.Settings)),
            Heads = heads,
            Place = place ?? start,
            Since = request.Since is null or FeedRequest.Now ? FeedCursor.Write(identity, place ?? start) : request.Since,
            Reset = reset,
        };
    }

    private static (FeedPosition? Place, string? Reset) Resume(string text, FeedIdentity identity, IReadOnlyList<FeedPlace> heads)
    {
        if (FeedCursor.Read(text) is not { } cursor || cursor.Tag != identity.Tag) return (null, ResetReasons.UnknownCursor);
        if (cursor.Position.IsStart) return (FeedPosition.Start(heads.Count), null);
        if (cursor.Stamp != identity.Stamp || cursor.Position.Partitions != heads.Count) return (null, ResetReasons.Settings);
        if (cursor.Access != identity.Access) return (null, ResetReasons.Access);
        for (var i = 0; i < heads.Count; i++)
            if (!CatchUp.IsOf(cursor.Position[i], heads[i])) return (null, ResetReasons.UnknownCursor);
        return (cursor.Position, null);
    }

    private static FeedPosition HeadOf(IReadOnlyList<FeedPlace> heads)
    {
        var marks = new FeedPosition.Mark[heads.Count];
        for (var i = 0; i < marks.Length; i++) marks[i] = MarkOf(heads[i]);
        return FeedPosition.Of(marks);
    }

    /// <summary>The mark of who knows everything that a partition has.</summary>
    public static FeedPosition.Mark MarkOf(FeedPlace head) => new(FeedIdentity.LifeOf(head.Incarnation), head.Head);
}
