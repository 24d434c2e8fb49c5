using System.Text.Json.Nodes;

namespace OrleansSync.EndToEnd;

/// <summary>Guarantee 3 on a hot record: field operations all count, each once, also when answers get lost.</summary>
public sealed class ManyWritersOnOneRecord
{
    private const int Writers = 32;
    private const int WritesEach = 100;

    [Fact]
    public async Task Increments_are_neither_lost_nor_counted_twice()
    {
        await using var server = await GatewayProcess.Started();

        await Task.WhenAll(Enumerable.Range(0, Writers).Select(writer => Increment(server.Address, writer, loseEveryFifth: false)));

        Assert.Equal(Writers * WritesEach, await Count(server.Http));
    }

    [Fact]
    public async Task Increments_count_once_though_every_fifth_answer_is_thrown_away_and_resent()
    {
        await using var server = await GatewayProcess.Started();

        await Task.WhenAll(Enumerable.Range(0, Writers).Select(writer => Increment(server.Address, writer, loseEveryFifth: true)));

        Assert.Equal(Writers * WritesEach, await Count(server.Http));
    }

    private static async Task Increment(Uri gateway, int writer, bool loseEveryFifth)
    {
        var socket = await SyncSocket.Connect(gateway);
        for (var number = 1; number <= WritesEach; number++)
        {
            await socket.Send(Frame(writer, number));
            if (loseEveryFifth && number % 5 == 0)
            {
                // The answer is lost with the connection, wherever the write was by then.
                socket.Dispose();
                socket = await SyncSocket.Connect(gateway);
                await socket.Send(Frame(writer, number));
            }

            var answer = await socket.Receive();
            Assert.Equal("applied", (string?)answer["results"]![0]!["outcome"]);
        }

        socket.Dispose();
    }

    private static JsonObject Frame(int writer, int number) => new()
    {
        ["type"] = "write",
        ["ref"] = number,
        ["writes"] = new JsonArray(new JsonObject
        {
            ["id"] = $"w{writer}-{number}",
            ["collection"] = "counters",
            ["record"] = "hot",
            ["op"] = "patch",
            ["data"] = new JsonObject { ["count"] = new JsonObject { ["$increment"] = 1 } },
        }),
    };

    private static async Task<int> Count(HttpClient http) =>
        (int)JsonNode.Parse(await http.GetStringAsync("/v1/collections/counters/records/hot"))!["data"]!["count"]!;
}
