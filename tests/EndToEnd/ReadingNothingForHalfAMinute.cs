using System.Diagnostics;
using System.Text.Json.Nodes;

namespace OrleansSync.EndToEnd;

/// <summary>Guarantee 7: a subscriber that stops reading costs nobody else anything, and ends complete.</summary>
public sealed class ReadingNothingForHalfAMinute
{
    private const int Changes = 5000;
    private const int Records = 50;
    private const int Batch = 20;
    private static readonly TimeSpan Silence = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task Others_see_no_delay_memory_stays_flat_and_the_stalled_subscriber_ends_complete()
    {
        await using var server = await GatewayProcess.Started();
        using var stalled = await Subscribed(server.Address);
        using var reading = await Subscribed(server.Address);
        using var writer = await SyncSocket.Connect(server.Address);
        await WriteBatch(writer, 0);
        await Read(reading, held => held.ContainsValue(Batch));
        var before = server.WorkingSet;

        var longest = TimeSpan.Zero;
        using var pace = new PeriodicTimer(Silence / (Changes / Batch));
        for (var number = Batch; number < Changes; number += Batch)
        {
            await pace.WaitForNextTickAsync();
            var sent = Stopwatch.GetTimestamp();
            await WriteBatch(writer, number);
            await Read(reading, held => held.ContainsValue(number + Batch));
            if (Stopwatch.GetElapsedTime(sent) is var took && took > longest) longest = took;
        }

        // A subscriber that waits for the stalled one would wait until it reads again; what a busy machine makes late is well below.
        Assert.True(longest < TimeSpan.FromSeconds(2), $"A change took {longest} to reach the subscriber that reads.");
        Assert.True(server.WorkingSet - before < 150_000_000, $"The server grew by {(server.WorkingSet - before) / 1_000_000} MB.");
        var truth = await Truth(server.Http);
        Assert.Equal(Records, truth.Count);
        await Read(stalled, held => truth.All(record => held.GetValueOrDefault(record.Key) == record.Value));
    }

    private static async Task<SyncSocket> Subscribed(Uri gateway)
    {
        var socket = await SyncSocket.Connect(gateway);
        await socket.Send(new JsonObject { ["type"] = "subscribe", ["ref"] = 1, ["collection"] = "stream", ["since"] = "now" });
        Assert.Equal("subscribed", (string?)(await socket.Receive())["type"]);
        return socket;
    }

    private static async Task WriteBatch(SyncSocket writer, int first)
    {
        var writes = Enumerable.Range(first, Batch).Select(number => (JsonNode)new JsonObject
        {
            ["collection"] = "stream",
            ["record"] = $"r{number % Records}",
            ["op"] = "put",
            ["data"] = new JsonObject { ["number"] = number + 1, ["text"] = new string('x', 400) },
        });
        await writer.Send(new JsonObject { ["type"] = "write", ["ref"] = first, ["writes"] = new JsonArray([.. writes]) });
        Assert.Equal("results", (string?)(await writer.Receive())["type"]);
    }

    /// <summary>Reads pages until what they say of the records meets the condition.</summary>
    private static async Task Read(SyncSocket socket, Func<Dictionary<string, int>, bool> enough)
    {
        var held = new Dictionary<string, int>();
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (!enough(held))
            foreach (var change in (await socket.Receive(patience.Token))["changes"]!.AsArray())
                held[(string)change!["record"]!["id"]!] = (int)change["record"]!["data"]!["number"]!;
    }

    private static async Task<Dictionary<string, int>> Truth(HttpClient http)
    {
        var page = JsonNode.Parse(await http.GetStringAsync("/v1/collections/stream/records?limit=1000"))!;
        return page["records"]!.AsArray().ToDictionary(record => (string)record!["id"]!, record => (int)record!["data"]!["number"]!);
    }
}
