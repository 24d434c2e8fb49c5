using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Xunit.Abstractions;

namespace OrleansSync.EndToEnd.Nodes;

/// <summary>Guarantee 1 when a node stands still long enough to be given up, and then goes on as if nothing had happened.</summary>
[Collection(WithTheMachineToItself.Name)]
public sealed class PausingANode(ITestOutputHelper output)
{
    private const int Collections = 24;

    [Fact]
    public async Task It_reads_nothing_stale_when_it_comes_back()
    {
        await using var cluster = await Cluster.Started(output, [NodeKind.Both, NodeKind.Both, NodeKind.Both]);
        var (paused, other) = (cluster[0], cluster[1]);
        await WriteAll(paused, "before");
        // Its memory is warm: these reads are answered from it.
        foreach (var read in Enumerable.Range(0, Collections)) Assert.Equal("before", await Read(paused, read));

        paused.Process.Pause();
        var clock = Stopwatch.StartNew();
        await WriteAll(other, "after");
        output.WriteLine($"all written through another node {clock.Elapsed.TotalMilliseconds:0} ms after the pause began");
        paused.Process.Resume();
        clock.Restart();
        var reads = await Task.WhenAll(Enumerable.Range(0, Collections).Select(async number => (Text: await Read(paused, number), At: clock.Elapsed)));

        output.WriteLine($"{reads.Count(read => read.Text == "after")} read through the paused node, {reads.Count(read => read.Text is null)} refused; the first after {reads.Min(read => read.At).TotalMilliseconds:0} ms");
        Assert.DoesNotContain("before", reads.Select(read => read.Text));
    }

    private static Task WriteAll(Node through, string text) => Task.WhenAll(Enumerable.Range(0, Collections).Select(async number =>
    {
        for (var patience = Stopwatch.StartNew(); ;)
        {
            using var request = new HttpRequestMessage(HttpMethod.Put, $"/v1/collections/p{number}/records/r") { Content = JsonContent.Create(new { text }) };
            request.Headers.Add("Idempotency-Key", text);
            using var answer = await through.Http.SendAsync(request);
            if (answer.IsSuccessStatusCode) return;
            Assert.True(answer.StatusCode == HttpStatusCode.ServiceUnavailable && patience.Elapsed < TimeSpan.FromSeconds(60), await answer.Content.ReadAsStringAsync());
        }
    }));

    /// <summary>What the node says of the record; null when it does not say, because it cannot know or is going.</summary>
    private static async Task<string?> Read(Node through, int number)
    {
        try
        {
            using var answer = await through.Http.GetAsync($"/v1/collections/p{number}/records/r");
            if (!answer.IsSuccessStatusCode) return null;
            return (string?)JsonNode.Parse(await answer.Content.ReadAsStringAsync())!["data"]!["text"];
        }
        catch (Exception gone) when (gone is HttpRequestException or IOException or TaskCanceledException)
        {
            return null;
        }
    }
}
