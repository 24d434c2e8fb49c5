using OrleansSync.Load.Peers;

namespace OrleansSync.Load;

/// <summary>Many subscribers of one server, who join some at a time: one by one takes minutes where a server answers late, all at once is a test of its own.</summary>
internal static class Crowd
{
    private const int JoinedAtOnce = 50;

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    /// <param name="from">The index of the first: how many there are already.</param>
    public static Task<List<Subscriber>> Gather(ILiveServer server, int count, CancellationToken cancelled, int from = 0) =>
        Gather(server.ConnectSubscriber, count, from, cancelled);

    /// <summary>Of a collection of ours.</summary>
    public static Task<List<Subscriber>> Of(Address address, string collection, int count, CancellationToken cancelled) =>
        Gather(_ => Subscriber.ToFeed(address, collection, null, "\"type\":\"upsert\""), count, 0, cancelled);

    private static async Task<List<Subscriber>> Gather(Func<int, Task<Subscriber>> connect, int count, int from, CancellationToken cancelled)
    {
        var subscribers = new List<Subscriber>(count);
        while (subscribers.Count < count)
        {
            var some = Enumerable.Range(from + subscribers.Count, Math.Min(JoinedAtOnce, count - subscribers.Count));
            subscribers.AddRange(await Task.WhenAll(some.Select(connect)).WaitAsync(Patience, cancelled));
        }

        return subscribers;
    }
}
