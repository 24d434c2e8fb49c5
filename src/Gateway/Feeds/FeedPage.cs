namespace OrleansSync.Gateway.Feeds;

/// <summary>
/// A run of a feed as its readers get it. Immutable; the same instance, and so the same bytes, serves everybody who keeps up.
/// Each form is encoded when it is first asked for, once.
/// </summary>
internal sealed class FeedPage
{
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
}
