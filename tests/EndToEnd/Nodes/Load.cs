using System.Diagnostics;
using OrleansSync.EndToEnd.Recording;
using OrleansSync.Histories;

namespace OrleansSync.EndToEnd.Nodes;

/// <summary>
/// Clients at work on a cluster, each behind a gateway of its own until that leaves it, and followers of each technique, with everything written
/// down that they asked and were told. At the end the checker says whether all of it could have happened to a cluster that keeps its promises.
/// </summary>
internal sealed class Load : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);
    private static readonly TimeSpan CatchUpTime = TimeSpan.FromSeconds(45);

    private readonly IReadOnlyList<Uri> _gateways;
    private readonly Targets _targets;
    private readonly HttpClient[] _https;
    private readonly RecordedClient[] _clients;
    private readonly RecordedSubscriber[] _subscribers;
    private readonly CancellationTokenSource _stopCalling = new();
    private readonly CancellationTokenSource _stopFollowing = new();
    private readonly Task _calling;
    private readonly Task _following;

    public Load(IReadOnlyList<Uri> gateways, int writers, params string[] collections) : this(gateways, writers, null, collections) { }

    /// <param name="deadline">After so long without an answer a client goes elsewhere; unless told, half of them do so soon and half do not.</param>
    public Load(IReadOnlyList<Uri> gateways, int writers, TimeSpan? deadline, params string[] collections) : this(gateways, writers, deadline, 1, collections) { }

    public Load(IReadOnlyList<Uri> gateways, int writers, TimeSpan? deadline, int seed, params string[] collections)
    {
        (_gateways, _targets) = (gateways, new(collections));
        _https = [.. gateways.Select(address => new HttpClient { BaseAddress = address })];
        _clients = [.. Enumerable.Range(0, writers).Select(number => new RecordedClient(number, gateways, _targets, deadline, seed + number))];
        _subscribers = [.. collections.SelectMany(Followers)];
        _calling = Task.WhenAll(_clients.Select(client => client.Run(_stopCalling.Token)));
        _following = Task.WhenAll(_subscribers.Select(subscriber => subscriber.Follower.Run(_stopFollowing.Token)));

        IEnumerable<RecordedSubscriber> Followers(string collection, int number) =>
        [
            new($"The socket on {collection}", collection, new SocketFollower([.. Rotated(gateways, number)], collection)),
            new($"The event stream on {collection}", collection, new EventFollower([.. Rotated(_https, number + 1)], collection)),
            new($"The long poll on {collection}", collection, new LongPollFollower([.. Rotated(_https, number + 2)], collection)),
        ];
    }

    /// <summary>How many writes were answered.</summary>
    public int Answered => _clients.Sum(client => client.Answered);

    /// <summary>How often a client was told that its call may not have happened.</summary>
    public int Refusals => _clients.Sum(client => client.Refusals.Count);

    /// <summary>The longest that a write took from when it was first sent to its answer.</summary>
    public TimeSpan Longest => _clients.Max(client => client.Longest);

    /// <summary>Returns when so many more writes were answered.</summary>
    public Task Progress(int writes = 200)
    {
        var goal = Answered + writes;
        return Until(() => Answered >= goal, "The writers made no progress");
    }

    /// <summary>Returns when each client was answered at least twice more: once it may have been under way.</summary>
    public Task ProgressOfEach()
    {
        var goals = _clients.Select(client => client.Answered + 2).ToArray();
        return Until(() => _clients.Zip(goals).All(each => each.First.Answered >= each.Second), "Some client made no progress");
    }

    /// <summary>Returns when in every collection a write that began from now on was answered to somebody; says how long that took.</summary>
    public async Task<TimeSpan> CollectionsGoOn()
    {
        var moment = Stopwatch.GetTimestamp();
        await Until(() => _targets.AllWrittenSince(moment), "Some collection's writes were not answered");
        return Stopwatch.GetElapsedTime(moment);
    }

    /// <summary>Returns when every client, and every collection, has had a write that began from now on answered; says how long that took.</summary>
    public async Task<TimeSpan> AllGoOn()
    {
        var moment = Stopwatch.GetTimestamp();
        await Until(() => _targets.AllWrittenSince(moment) && _clients.All(client => client.LastBegun > moment), "Somebody's writes were not answered");
        return Stopwatch.GetElapsedTime(moment);
    }

    /// <summary>Ends the calls, waits until the followers have everything, and asks the checker.</summary>
    public async Task<LoadReport> End()
    {
        await _stopCalling.CancelAsync();
        await _calling.WaitAsync(Patience);
        var (ends, made) = await new Ending(_gateways, _targets.Collections).Read();
        await Task.WhenAll(_subscribers.Select(subscriber => CaughtUp(subscriber, made)));
        await _stopFollowing.CancelAsync();
        await _following.WaitAsync(Patience);

        var history = new History([.. _clients.SelectMany(client => client.Calls)], [.. _subscribers.Select(subscriber => subscriber.Recorded)], ends, made);
        return new(history, Checker.Of(history), [.. _clients.Select(client => client.Hung).OfType<string>()], [.. _clients.SelectMany(client => client.Refusals)]);
    }

    /// <summary>Ends it, and fails where anything that was promised did not hold.</summary>
    public async Task<LoadReport> EndsWithTheTruth()
    {
        var report = await End();
        Assert.True(report.IsGood, report.ToString());
        return report;
    }

    public async ValueTask DisposeAsync()
    {
        await _stopCalling.CancelAsync();
        await _stopFollowing.CancelAsync();
        // A call that nobody answers any more must not keep a failed test from ending.
        await Task.WhenAll(_calling, _following).WaitAsync(TimeSpan.FromSeconds(5)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        foreach (var client in _clients) client.Dispose();
        foreach (var http in _https) http.Dispose();
    }

    /// <summary>Returns when the subscriber holds every record at its last version, or has had time enough: the checker says what is missing.</summary>
    private static async Task CaughtUp(RecordedSubscriber subscriber, IReadOnlyDictionary<string, IReadOnlyList<Made>> made)
    {
        var collection = subscriber.Recorded.Collection + "/";
        var last = made.Where(record => record.Key.StartsWith(collection, StringComparison.Ordinal)).ToDictionary(record => record.Key[collection.Length..], record => record.Value.Max(each => each.Version));
        await subscriber.Follower.Until(held => last.All(record => held.TryGetValue(record.Key, out var mine) && (long)mine["version"]! >= record.Value), CatchUpTime)
            .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private async Task Until(Func<bool> holds, string otherwise)
    {
        using var look = new PeriodicTimer(TimeSpan.FromMilliseconds(5));
        var clock = Stopwatch.StartNew();
        while (!holds())
        {
            Assert.True(clock.Elapsed < Patience, $"{otherwise} for {Patience.TotalSeconds} s.");
            if (_calling.IsFaulted) await _calling;
            if (_following.IsFaulted) await _following;
            await look.WaitForNextTickAsync();
        }
    }

    private static IEnumerable<T> Rotated<T>(IReadOnlyList<T> items, int by)
    {
        for (var i = 0; i < items.Count; i++) yield return items[(i + by) % items.Count];
    }
}
