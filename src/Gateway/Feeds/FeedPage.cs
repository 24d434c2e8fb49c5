namespace OrleansSync.Gateway.Feeds;

/// <summary>
/// A run of a feed as its readers get it. Immutable; the same instance, and so the same bytes, serves everybody who keeps up.
/// Each form is encoded when it is first asked for, once.
/// </summary>
internal sealed class FeedPage
{
    /// <summary>Stands after a page that its view has dropped.</summary>
    public static readonly FeedPage Gone = new() { Feed = "", Since = "", Cursor = "", UpToDate = false };

    private FeedPage? _next;
    private byte[]? _json;
    private byte[]? _frame;
    private byte[]? _messagePack;

    /// <summary>The name of the feed: collection, filter and view.</summary>
    public required string Feed { get; init; }

    /// <summary>The cursor of the page before.</summary>
    public required string Since { get; init; }
    public required string Cursor { get; init; }

    /// <summary>Oldest first.</summary>
    public IReadOnlyList<FeedChange> Changes { get; init; } = [];

    /// <summary>Whoever has applied it holds exactly the collection, as far as it concerns them, as of <see cref="Cursor"/>.</summary>
    public required bool UpToDate { get; init; }

    /// <summary>Why the reader must drop what it holds, and go on from <see cref="Cursor"/>; null for an ordinary page.</summary>
    public string? Reset { get; init; }

    /// <summary>The page as a minified JSON object.</summary>
    public ReadOnlyMemory<byte> Json => _json ??= PageJson.Page(this);

    /// <summary>The page as one whole WebSocket text frame of a server (FIN, unmasked, no extensions): header and payload.</summary>
    public ReadOnlyMemory<byte> Frame => _frame ??= PageJson.Frame(this);

    /// <summary>The page as one SignalR MessagePack value, encoded by the first who asks.</summary>
    public ReadOnlyMemory<byte> MessagePack(Func<FeedPage, byte[]> encode) => _messagePack ??= encode(this);

    /// <summary>The page after it in the view's chain; null while it is the newest; <see cref="Gone"/> once it was dropped.</summary>
    public FeedPage? Next
    {
        get => Volatile.Read(ref _next);
        set => Volatile.Write(ref _next, value);
    }

    /// <summary>About what it holds of memory once encoded.</summary>
    public int Bytes
    {
        get
        {
            var bytes = 512;
            for (var i = 0; i < Changes.Count; i++) bytes += 64 + Changes[i].Json.Length;
            return bytes;
        }
    }

    /// <summary>The same page for a reader who stands elsewhere before it, where nothing between concerns them.</summary>
    public FeedPage From(string since) => new()
    {
        Feed = Feed,
        Since = since,
        Changes = Changes,
        Cursor = Cursor,
        UpToDate = UpToDate,
        Reset = Reset,
    };
}
