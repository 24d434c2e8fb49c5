using System.Diagnostics;
using System.Text.Json.Nodes;
using OrleansSync.Histories;

namespace OrleansSync.EndToEnd.Recording;

/// <summary>Writes down every page that a follower gets.</summary>
internal sealed class RecordedSubscriber
{
    private readonly List<Page> _pages = [];
    private readonly string _name;
    private readonly string _collection;

    public RecordedSubscriber(string name, string collection, FeedFollower follower)
    {
        (_name, _collection, Follower) = (name, collection, follower);
        follower.Told = Note;
    }

    public FeedFollower Follower { get; }

    public Subscriber Recorded
    {
        get
        {
            lock (_pages) return new(_name, _collection, [.. _pages]);
        }
    }

    private void Note(JsonObject page)
    {
        var at = Stopwatch.GetTimestamp();
        Change[] changes = [.. page["changes"]!.AsArray().Select(change => new Change(
            $"{_collection}/{(string)change!["record"]!["id"]!}", RecordText.Of(change["record"]!), (string?)change["write"]))];
        lock (_pages) _pages.Add(new(at, (string)page["since"]!, page["reset"] is not null, changes, (string)page["cursor"]!));
    }
}
