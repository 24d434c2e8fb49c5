namespace OrleansSync.Gateway.Feeds;

/// <summary>The changes of a page that is being put together, up to its limits.</summary>
internal sealed class PageDraft(int limit)
{
    /// <summary>A page closes once it holds this much, so that no reader has to take more than this and one record at once.</summary>
    private const int MaxBytes = 1024 * 1024;

    private readonly List<FeedChange> _changes = [];
    private int _bytes;

    public int Count => _changes.Count;

    public int Room => limit - _changes.Count;

    public bool IsFull => _changes.Count >= limit || _bytes >= MaxBytes;

    public void Add(FeedChange change)
    {
        _changes.Add(change);
        _bytes += change.Json.Length;
    }

    public FeedChange[] Take()
    {
        var changes = _changes.ToArray();
        _changes.Clear();
        _bytes = 0;
        return changes;
    }
}
