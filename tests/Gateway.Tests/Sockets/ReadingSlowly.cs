using System.Diagnostics;
using System.Text;
using System.Text.Json.Nodes;
using OrleansSync.Gateway.Sockets;
using OrleansSync.Gateway.Tests.Feeds;

namespace OrleansSync.Gateway.Tests.Sockets;

[Collection("gateway")]
public sealed class ReadingSlowly(RunningGateway gateway)
{
    private const int Changes = 5_000;
    private const int PerBatch = 250;

    private readonly string _collection = RunningGateway.NewCollection();

    /// <summary>Promise 7: no client can slow another, and memory per subscriber is bounded.</summary>
    [Fact]
    public async Task Who_stops_reading_delays_nobody_costs_little_and_ends_complete()
    {
        const int Stopped = 20;
        var raw = new List<RawSocket>();
        for (var i = 0; i < Stopped; i++) raw.Add(await Subscribe());
        ITransport transport = new SocketTransport();
        await using var quick = await transport.Open(gateway, _collection);
        var held = new HeldFeed();
        var before = GC.GetTotalMemory(forceFullCollection: true);

        var slowest = TimeSpan.Zero;
        for (var batch = 0; batch < Changes / PerBatch; batch++)
        {
            await WriteBatch(batch);
            var answered = Stopwatch.GetTimestamp();
            while (held.Shown.Count < (batch + 1) * PerBatch) held.Apply(await quick.Next(default));
            var took = Stopwatch.GetElapsedTime(answered);
            slowest = took > slowest ? took : slowest;
        }
        var grown = GC.GetTotalMemory(forceFullCollection: true) - before;

        Assert.InRange(slowest, TimeSpan.Zero, TimeSpan.FromSeconds(5));
        // Each was owed about 15 MiB; what all have in common (the ring, the grains) is in here too.
        Assert.InRange(grown, long.MinValue, 120L * 1024 * 1024);
        foreach (var socket in raw)
        {
            await EndsComplete(socket);
            await socket.DisposeAsync();
        }
    }

    [Fact]
    public async Task Who_asks_without_reading_answers_is_not_read_any_more()
    {
        await using var socket = await RawSocket.Open(gateway);
        await socket.Send(ClientFrame.Text("""{"type":"hello","version":1}"""));
        var ping = ClientFrame.Text("""{"type":"ping","ref":1}""");
        var pings = Enumerable.Repeat(ping, 2_000).SelectMany(frame => frame).ToArray();

        // More answers than all buffers between hold: the sender must get stuck, not the server's memory grow.
        var stuck = await Assert.ThrowsAnyAsync<Exception>(async () =>
        {
            using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(3));
            for (var i = 0; i < 10_000; i++) await socket.Stream.WriteAsync(pings, patience.Token);
        });

        Assert.IsAssignableFrom<OperationCanceledException>(stuck);
    }

    private async Task<RawSocket> Subscribe()
    {
        var socket = await RawSocket.Open(gateway);
        await socket.Send([
            .. ClientFrame.Text("""{"type":"hello","version":1}"""),
            .. ClientFrame.Text($$"""{"type":"subscribe","ref":1,"collection":"{{_collection}}"}""")]);
        for (var frames = 0; frames < 3; frames++) await socket.Receive();
        return socket;
    }

    private async Task WriteBatch(int batch)
    {
        var writes = new JsonArray();
        for (var n = 0; n < PerBatch; n++)
        {
            writes.Add(new JsonObject
            {
                ["collection"] = _collection,
                ["record"] = $"r{n}",
                ["op"] = "put",
                ["data"] = new JsonObject { ["batch"] = batch, ["text"] = new string('x', 3_000) },
            });
        }
        var reply = await gateway.Post("/v1/writes", new JsonObject { ["writes"] = writes }.ToJsonString());
        Assert.Equal(200, reply.Status);
    }

    private static async Task EndsComplete(RawSocket socket)
    {
        var versions = new Dictionary<string, long>();
        while (versions.Count < PerBatch || versions.Values.Any(version => version < Changes / PerBatch))
        {
            var frame = await socket.Receive();
            Assert.Equal(Opcode.Text, frame!.Value.Opcode);
            var page = JsonNode.Parse(Encoding.UTF8.GetString(frame.Value.Payload))!;
            foreach (var change in page["changes"]?.AsArray() ?? [])
            {
                var record = change!["record"]!;
                var id = (string)record["id"]!;
                Assert.True(versions.GetValueOrDefault(id) < (long)record["version"]!);
                versions[id] = (long)record["version"]!;
            }
        }
    }
}
