using OrleansSync.Load.Peers;

namespace OrleansSync.Load;

/// <summary>Many subscribers of one server, who join some at a time: one by one takes minutes where a server answers late, all at once is a test of its own.</summary>
internal static class Crowd
{
    private const int JoinedAtOnce = 50;

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    /// <param name="from">The index of the first: how many there are already.</param>
    public static async Task<List<Subscriber>> Gather(ILiveServer server, int count, CancellationToken cancelled, int from = 0)
    {
        var subscribers = new List<Subscriber>(count);
        while (subscribers.Count < count)
        {
            var some = Enumerable.Range(from + subscribers.Count, Math.Min(JoinedAtOnce, count - subscribers.Count));
            subscribers.AddRange(await Task.WhenAll(some.Select(server.ConnectSubscriber)).WaitAsync(Patience, cancelled));
        }

        return subscribers;
    }
}
