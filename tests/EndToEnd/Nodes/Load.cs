using System.Text.Json.Nodes;

namespace OrleansSync.EndToEnd.Nodes;

/// <summary>
/// Clients at work on a cluster: writers that count, each in a field of its own of a record it shares, and followers of each technique. All
/// go elsewhere when their node leaves them. At the end it is asked whether every answer was true.
/// </summary>
internal sealed class Load : IAsyncDisposable
{
    private const int Records = 8;

    private readonly string[] _collections;
    private readonly HttpClient[] _gateways;
    private readonly PersistentWriter[] _writers;
    private readonly FeedFollower[] _followers;
    private readonly CancellationTokenSource _stopWriting = new();
    private readonly CancellationTokenSource _stopFollowing = new();
    private readonly Task _writing;
    private readonly Task _following;

    public Load(IReadOnlyList<Uri> gateways, int writers, params string[] collections) : this(gateways, writers, null, collections) { }

    /// <param name="deadline">After so long without an answer a writer goes elsewhere.</param>
    public Load(IReadOnlyList<Uri> gateways, int writers, TimeSpan? deadline, params string[] collections)
    {
        _collections = collections;
        _gateways = [.. gateways.Select(address => new HttpClient { BaseAddress = address })];
        _writers = [.. Enumerable.Range(0, writers).Select(number => new PersistentWriter([.. Rotated(gateways, number)], $"w{number}", _ => Write(number), deadline: deadline))];
        _followers = [.. collections.SelectMany(Followers)];
        _writing = Task.WhenAll(_writers.Select(writer => writer.Run(_stopWriting.Token)));
        _following = Task.WhenAll(_followers.Select(follower => follower.Run(_stopFollowing.Token)));

        IEnumerable<FeedFollower> Followers(string collection, int number) =>
        [
            new SocketFollower([.. Rotated(gateways, number)], collection),
            new EventFollower([.. Rotated(_gateways, number + 1)], collection),
            new LongPollFollower([.. Rotated(_gateways, number + 2)], collection),
        ];
    }

    public int Answered => _writers.Sum(writer => writer.Answered);

    /// <summary>How often a client was told that its write may not have happened.</summary>
    public int Refusals => _writers.Sum(writer => writer.Refusals);

    /// <summary>The longest that a write took from when it was first sent to its answer.</summary>
    public TimeSpan Longest => _writers.Max(writer => writer.Longest);

    /// <summary>Returns when so many more writes were answered.</summary>
    public Task Progress(int writes = 200)
    {
        var goal = Answered + writes;
        return Until(() => Answered >= goal);
    }

    /// <summary>Returns when each writer was answered at least twice more: once it may have been under way.</summary>
    public Task ProgressOfEach()
    {
        var goals = _writers.Select(writer => writer.Answered + 2).ToArray();
        return Until(() => _writers.Zip(goals).All(each => each.First.Answered >= each.Second));
    }

    private async Task Until(Func<bool> holds)
    {
        using var look = new PeriodicTimer(TimeSpan.FromMilliseconds(5));
        var patience = DateTime.UtcNow.AddSeconds(60);
        while (!holds())
        {
            Assert.True(DateTime.UtcNow < patience, "The writers made no progress for a minute.");
            if (_writing.IsFaulted) await _writing;
            await look.WaitForNextTickAsync();
        }
    }

    /// <summary>Ends the writing, and holds what each follower has and what the server says against what was answered.</summary>
    public async Task EndsWithTheTruth(HttpClient gateway)
    {
        await _stopWriting.CancelAsync();
        await _writing;
        var truths = new List<Dictionary<string, JsonObject>>();
        foreach (var collection in _collections) truths.Add(await Truth(gateway, collection));

        Assert.Equal(Answered, truths.Sum(truth => truth.Values.Sum(record => (int)record["data"]!["count"]!)));
        for (var number = 0; number < _writers.Length; number++)
            Assert.Equal(_writers[number].Answered, (int)truths[number % _collections.Length][RecordOf(number)]["data"]!["by"]![$"w{number}"]!);

        for (var i = 0; i < _followers.Length; i++)
        {
            var truth = truths[i / (_followers.Length / _collections.Length)];
            await _followers[i].Until(held => Same(held, truth), TimeSpan.FromSeconds(30));
            Assert.Null(_followers[i].Broken);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stopWriting.CancelAsync();
        await _stopFollowing.CancelAsync();
        // A write that nobody answers any more must not keep a failed test from ending.
        await Task.WhenAll(_writing, _following).WaitAsync(TimeSpan.FromSeconds(5)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        foreach (var gateway in _gateways) gateway.Dispose();
    }

    private JsonObject Write(int writer) => new()
    {
        ["collection"] = _collections[writer % _collections.Length],
        ["record"] = RecordOf(writer),
        ["op"] = "patch",
        ["data"] = new JsonObject { ["count"] = new JsonObject { ["$increment"] = 1 }, ["by"] = new JsonObject { [$"w{writer}"] = new JsonObject { ["$increment"] = 1 } } },
    };

    private string RecordOf(int writer) => $"r{writer / _collections.Length % Records}";

    private static async Task<Dictionary<string, JsonObject>> Truth(HttpClient gateway, string collection)
    {
        var page = JsonNode.Parse(await gateway.GetStringAsync($"/v1/collections/{collection}/records?limit=1000"))!;
        return page["records"]!.AsArray().ToDictionary(record => (string)record!["id"]!, record => record!.AsObject());
    }

    private static bool Same(IReadOnlyDictionary<string, JsonObject> held, Dictionary<string, JsonObject> truth) =>
        held.Count == truth.Count && truth.All(record => held.TryGetValue(record.Key, out var mine) && JsonNode.DeepEquals(mine, record.Value));

    private static IEnumerable<T> Rotated<T>(IReadOnlyList<T> items, int by)
    {
        for (var i = 0; i < items.Count; i++) yield return items[(i + by) % items.Count];
    }
}
