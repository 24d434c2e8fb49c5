using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Xunit.Abstractions;

namespace OrleansSync.EndToEnd.Nodes;

/// <summary>Processes that find each other on an empty database, in any order, with nothing else to find each other by.</summary>
[Collection(WithTheMachineToItself.Name)]
public sealed class StartingACluster(ITestOutputHelper output)
{
    private const string Record = "/v1/collections/notes/records/n1";

    [Fact]
    public async Task Nodes_that_start_together_serve_one_truth_and_so_does_a_gateway_alone()
    {
        await using var cluster = await Cluster.Started(output, [NodeKind.Both, NodeKind.Both, NodeKind.Both, NodeKind.Gateway]);
        var followers = cluster.Gateways.Select(gateway => new SocketFollower([gateway], "notes")).ToArray();
        using var stop = new CancellationTokenSource();
        var following = followers.Select(follower => follower.Run(stop.Token)).ToArray();

        foreach (var node in cluster.Nodes)
        {
            using var answer = await node.Http.PatchAsJsonAsync(Record, new Dictionary<string, object> { ["count"] = new Dictionary<string, int> { ["$increment"] = 1 } });
            Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
        }

        foreach (var node in cluster.Nodes)
            Assert.Equal(4, (int)JsonNode.Parse(await node.Http.GetStringAsync(Record))!["data"]!["count"]!);
        foreach (var follower in followers)
        {
            await follower.Until(held => held.TryGetValue("n1", out var record) && (int)record["version"]! == 4, TimeSpan.FromSeconds(10));
            Assert.Null(follower.Broken);
        }
        await stop.CancelAsync();
        await Task.WhenAll(following);
    }

    [Fact]
    public async Task A_gateway_that_starts_first_lives_and_is_ready_by_itself_whenever_a_silo_is_there()
    {
        await using var cluster = await Cluster.Prepared(output, [NodeKind.Gateway, NodeKind.Silo]);
        var (gateway, silo) = (cluster[0], cluster[1]);

        gateway.Process.Start();
        await Until(() => gateway.Process.Answers("/health/live"));
        Assert.False(await gateway.Process.Answers("/health/ready"));
        using (var early = await gateway.Http.GetAsync(Record)) Assert.Equal(HttpStatusCode.ServiceUnavailable, early.StatusCode);

        await silo.Start();
        await gateway.Process.Ready();
        using (var written = await gateway.Http.PutAsJsonAsync(Record, new { title = "Buy milk" })) Assert.Equal(HttpStatusCode.Created, written.StatusCode);

        await silo.Kill();
        Assert.False(await gateway.Process.Answers("/health/ready"));
        await silo.Start();
        await gateway.Process.Ready();
        Assert.Equal("Buy milk", (string?)JsonNode.Parse(await gateway.Http.GetStringAsync(Record))!["data"]!["title"]);
    }

    [Fact]
    public async Task Ten_nodes_that_start_at_once_make_the_tables_once()
    {
        await using var cluster = await Cluster.Prepared(output, [.. Enumerable.Repeat(NodeKind.Both, 10)]);

        await cluster.Start();

        Assert.All(cluster.Nodes, node => Assert.True(node.Process.IsRunning));
    }

    private static async Task Until(Func<Task<bool>> holds)
    {
        using var look = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        var patience = DateTime.UtcNow.AddSeconds(30);
        while (!await holds())
        {
            Assert.True(DateTime.UtcNow < patience, "It did not come about in half a minute.");
            await look.WaitForNextTickAsync();
        }
    }
}
