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
        await ReadTo(reading, Batch);
        var before = server.WorkingSet;

        var longest = TimeSpan.Zero;
        using var pace = new PeriodicTimer(Silence / (Changes / Batch));
        for (var number = Batch; number < Changes; number += Batch)
        {
            await pace.WaitForNextTickAsync();
            var sent = Stopwatch.GetTimestamp();
            await WriteBatch(writer, number);
            await ReadTo(reading, number + Batch);
            if (Stopwatch.GetElapsedTime(sent) is var took && took > longest) longest = took;
        }

        // A subscriber that waits for the stalled one would wait until it reads again; what a busy machine makes late is well below.
        Assert.True(longest < TimeSpan.FromSeconds(2), $"A change took {longest} to reach the subscriber that reads.");
        Assert.True(server.WorkingSet - before < 150_000_000, $"The server grew by {(server.WorkingSet - before) / 1_000_000} MB.");
        var held = await ReadTo(stalled, Changes);
        Assert.Equal(Records, held.Count);
        foreach (var (record, value) in await Truth(server.Http)) Assert.Equal(value, held[record]);
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

    /// <summary>Reads until the newest change is there; what each record then holds.</summary>
    private static async Task<Dictionary<string, int>> ReadTo(SyncSocket socket, int newest)
    {
        var held = new Dictionary<string, int>();
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        for (var highest = 0; highest < newest;)
            foreach (var change in (await socket.Receive(patience.Token))["changes"]!.AsArray())
            {
                var number = (int)change!["record"]!["data"]!["number"]!;
                held[(string)change["record"]!["id"]!] = number;
                highest = Math.Max(highest, number);
            }

        return held;
    }

    private static async Task<Dictionary<string, int>> Truth(HttpClient http)
    {
        var page = JsonNode.Parse(await http.GetStringAsync("/v1/collections/stream/records?limit=1000"))!;
        return page["records"]!.AsArray().ToDictionary(record => (string)record!["id"]!, record => (int)record!["data"]!["number"]!);
    }
}
