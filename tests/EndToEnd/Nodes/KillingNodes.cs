using System.Diagnostics;
using System.Net.Http.Json;
using Xunit.Abstractions;

namespace OrleansSync.EndToEnd.Nodes;

/// <summary>Nodes of a cluster that die without a word, one after the other: how soon their records are written again.</summary>
[Collection(WithTheMachineToItself.Name)]
public sealed class KillingNodes(ITestOutputHelper output)
{
    private const int Collections = 20;
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(10);
    private static readonly NodeKind[] Three = [NodeKind.Both, NodeKind.Both, NodeKind.Both];

    /// <summary>Fewer than this and the write did not have to wait for anybody's death.</summary>
    private static readonly TimeSpan NoWait = TimeSpan.FromMilliseconds(200);

    [Fact]
    public async Task Writes_go_on_through_another_node_within_seconds()
    {
        await using var cluster = await Cluster.Started(output, Three);
        List<TimeSpan> waits = [];
        await WriteToEach(cluster[0], "first");

        for (var kill = 0; kill < 3; kill++)
        {
            var victim = cluster[kill % Three.Length];
            await WriteToEach(victim, $"before-{kill}");
            await victim.Kill();
            var took = await WriteToEach(cluster[(kill + 1) % Three.Length], $"after-{kill}");
            waits.AddRange(took.Where(each => each > NoWait));
            await victim.Start();
        }

        Show("writes to records of a killed node", waits);
        Assert.NotEmpty(waits);
        Assert.All(waits, wait => Assert.True(wait < Deadline, $"A write took {wait}."));
    }

    private static async Task<TimeSpan[]> WriteToEach(Node node, string write) =>
        await Task.WhenAll(Enumerable.Range(0, Collections).Select(async number =>
        {
            var clock = Stopwatch.StartNew();
            using var request = new HttpRequestMessage(HttpMethod.Patch, $"/v1/collections/c{number}/records/r") { Content = JsonContent.Create(new { write }) };
            request.Headers.Add("Idempotency-Key", write);
            using var answer = await node.Http.SendAsync(request);
            if ((int)answer.StatusCode == 404) await Create(node, number, write);
            else Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
            return clock.Elapsed;
        }));

    private static async Task Create(Node node, int number, string write)
    {
        using var answer = await node.Http.PutAsJsonAsync($"/v1/collections/c{number}/records/r", new { write });
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
    }

    private void Show(string what, List<TimeSpan> times)
    {
        if (times.Count == 0) return;
        var sorted = times.Order().ToArray();
        output.WriteLine($"{what}: {sorted.Length}, p50 {sorted[sorted.Length / 2].TotalMilliseconds:0} ms, p99 {sorted[^(1 + (sorted.Length / 100))].TotalMilliseconds:0} ms, max {sorted[^1].TotalMilliseconds:0} ms");
    }
}
