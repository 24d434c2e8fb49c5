using System.Text.Json.Nodes;

namespace OrleansSync.EndToEnd;

/// <summary>Guarantees 1, 2, 3 and 6 when the process dies without a word, again and again, under load.</summary>
public sealed class KillingTheServer
{
    private const int Writers = 64;
    private const int Records = 16;
    private const int Kills = 10;

    [Fact]
    public async Task No_answered_write_is_lost_none_counts_twice_and_every_subscriber_ends_with_the_servers_state()
    {
        await using var server = await GatewayProcess.Started();
        FeedFollower[] followers =
        [
            new SocketFollower([server.Address], "notes"),
            new EventFollower([server.Http], "notes"),
            new LongPollFollower([server.Http], "notes"),
        ];
        using var stopFollowing = new CancellationTokenSource();
        var following = followers.Select(follower => follower.Run(stopFollowing.Token)).ToArray();

        using var stopWriting = new CancellationTokenSource();
        var writers = Enumerable.Range(0, Writers).Select(number => new PersistentWriter([server.Address], $"w{number}", n => Write(number, n))).ToArray();
        var writing = writers.Select(writer => writer.Run(stopWriting.Token)).ToArray();

        for (var kill = 0; kill < Kills; kill++)
        {
            await Progress(writers);
            await server.Kill();
            var answered = writers.Select(writer => writer.Answered).ToArray();
            await server.Start();
            await EveryAnsweredWriteIsThere(server.Http, answered);
        }

        await stopWriting.CancelAsync();
        await Task.WhenAll(writing);
        var truth = await Truth(server.Http);
        Assert.Equal(writers.Sum(writer => writer.Answered), truth.Values.Sum(record => (int)record["data"]!["count"]!));
        await VersionsAreDense(server.Http, truth);

        foreach (var follower in followers)
        {
            await follower.Until(held => Same(held, truth), TimeSpan.FromSeconds(30));
            Assert.Null(follower.Broken);
        }

        await stopFollowing.CancelAsync();
        await Task.WhenAll(following);
    }

    // Four writers share a record: each has its own field, and all count on the same counter.
    private static JsonObject Write(int writer, int number) => new()
    {
        ["collection"] = "notes",
        ["record"] = $"r{writer % Records}",
        ["op"] = "patch",
        ["data"] = new JsonObject { ["count"] = new JsonObject { ["$increment"] = 1 }, ["by"] = new JsonObject { [$"w{writer}"] = new JsonObject { ["$increment"] = 1 } } },
    };

    /// <summary>Returns when every fourth writer has had an answer: the kill comes in the middle of the work.</summary>
    private static async Task Progress(PersistentWriter[] writers)
    {
        var goal = writers.Sum(writer => writer.Answered) + 400;
        using var look = new PeriodicTimer(TimeSpan.FromMilliseconds(5));
        var patience = DateTime.UtcNow.AddSeconds(60);
        while (writers.Sum(writer => writer.Answered) < goal)
        {
            Assert.True(DateTime.UtcNow < patience, "The writers made no progress for a minute.");
            await look.WaitForNextTickAsync();
        }
    }

    private static async Task EveryAnsweredWriteIsThere(HttpClient http, int[] answered)
    {
        var truth = await Truth(http);
        for (var writer = 0; writer < answered.Length; writer++)
        {
            if (answered[writer] == 0) continue;
            var stored = (int)truth[$"r{writer % Records}"]["data"]!["by"]![$"w{writer}"]!;
            Assert.True(stored >= answered[writer], $"w{writer} had {answered[writer]} answers, {stored} of its writes are there.");
        }
    }

    private static async Task VersionsAreDense(HttpClient http, Dictionary<string, JsonObject> truth)
    {
        foreach (var (id, record) in truth)
        {
            var page = JsonNode.Parse(await http.GetStringAsync($"/v1/collections/notes/records/{id}/history?limit=50"))!;
            var versions = page["entries"]!.AsArray().Select(entry => (long)entry!["version"]!).ToArray();
            var newest = (long)record["version"]!;
            Assert.Equal(Enumerable.Range(0, versions.Length).Select(back => newest - back), versions);
        }
    }

    private static async Task<Dictionary<string, JsonObject>> Truth(HttpClient http)
    {
        var page = JsonNode.Parse(await http.GetStringAsync("/v1/collections/notes/records?limit=1000"))!;
        return page["records"]!.AsArray().ToDictionary(record => (string)record!["id"]!, record => record!.AsObject());
    }

    private static bool Same(IReadOnlyDictionary<string, JsonObject> held, Dictionary<string, JsonObject> truth) =>
        held.Count == truth.Count && truth.All(record => held.TryGetValue(record.Key, out var mine) && JsonNode.DeepEquals(mine, record.Value));
}
