using System.Collections.Concurrent;
using OrleansSync.Protocol;
using OrleansSync.Storage;

namespace OrleansSync.Grains.Feeds;

/// <summary>The desks of this silo's feed grains: how records find that of their feed without a call.</summary>
internal sealed class FeedDesks
{
    private readonly ConcurrentDictionary<FeedKey, FeedDesk> _desks = new();

    public void Add(FeedDesk desk) => _desks[desk.Feed] = desk;

    public void Remove(FeedDesk desk) => _desks.TryRemove(new(desk.Feed, desk));

    /// <summary>Appends to a feed that this silo owns. False when it does not: then the feed grain is to be asked.</summary>
    public bool TryAppend(FeedKey feed, RecordCommit commit, long settingsRevision, long life, out ValueTask<AppendAnswer> answer)
    {
        answer = default;
        return _desks.TryGetValue(feed, out var desk) && desk.TryAppend(commit, settingsRevision, life, fromStranger: false, out answer);
    }
}
