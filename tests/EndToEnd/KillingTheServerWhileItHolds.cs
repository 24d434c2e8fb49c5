using System.Net.Http.Json;
using System.Text.Json.Nodes;

namespace OrleansSync.EndToEnd;

/// <summary>Guarantees 3 and 5 when the process dies between holding a value and answering: the resend gets the same conflict, once.</summary>
public sealed class KillingTheServerWhileItHolds
{
    private const int Writers = 16;
    private const int Records = 60;
    private const int Kills = 6;

    [Fact]
    public async Task Every_value_waits_once_in_the_one_conflict_of_its_record()
    {
        await using var server = await GatewayProcess.Started();
        await EditedRecords(server.Http);
        using var never = new CancellationTokenSource();
        var writers = Enumerable.Range(0, Writers).Select(number => new PersistentWriter([server.Address], $"w{number}", n => Late(number, n), Records)).ToArray();
        var writing = Task.WhenAll(writers.Select(writer => writer.Run(never.Token)));

        for (var kill = 1; kill <= Kills; kill++)
        {
            await Answered(writers, kill * Writers * Records / (Kills + 2));
            await server.Kill();
            await server.Start();
        }

        await writing;
        for (var number = 0; number < Writers; number++)
            foreach (var result in writers[number].Results)
            {
                Assert.Equal("held", (string?)result["outcome"]);
                Assert.Equal("c-3", (string?)result["record"]!["conflict"]!["id"]);
                Assert.Contains((string?)result["id"], WriteIds(result["record"]!));
            }

        for (var record = 1; record <= Records; record++)
        {
            var truth = JsonNode.Parse(await server.Http.GetStringAsync($"/v1/collections/notes/records/r{record}"))!;
            Assert.Equal(2 + Writers, (int)truth["version"]!);
            Assert.Equal("second", (string?)truth["data"]!["title"]);
            Assert.Equal(Enumerable.Range(0, Writers).Select(number => $"w{number}-{record}").Order(), WriteIds(truth).Order());
        }
    }

    private static async Task EditedRecords(HttpClient http)
    {
        using var created = await http.PutAsJsonAsync("/v1/collections/notes", new { policy = "manual" });
        created.EnsureSuccessStatusCode();
        var writes = Enumerable.Range(1, Records).SelectMany(record => new object[]
        {
            new { collection = "notes", record = $"r{record}", op = "put", data = new { title = "first" } },
            new { collection = "notes", record = $"r{record}", op = "patch", data = new { title = "second" }, @base = 1, client = "early" },
        });
        using var written = await http.PostAsJsonAsync("/v1/writes", new { writes });
        written.EnsureSuccessStatusCode();
    }

    // What its writer saw is version 1; the title was edited since.
    private static JsonObject Late(int writer, int number) => new()
    {
        ["collection"] = "notes",
        ["record"] = $"r{number}",
        ["op"] = "patch",
        ["base"] = 1,
        ["data"] = new JsonObject { ["title"] = $"w{writer}" },
    };

    private static async Task Answered(PersistentWriter[] writers, int goal)
    {
        using var look = new PeriodicTimer(TimeSpan.FromMilliseconds(2));
        var patience = DateTime.UtcNow.AddSeconds(60);
        while (writers.Sum(writer => writer.Answered) < goal)
        {
            Assert.True(DateTime.UtcNow < patience, "The writers made no progress for a minute.");
            await look.WaitForNextTickAsync();
        }
    }

    private static IEnumerable<string> WriteIds(JsonNode record) =>
        record["conflict"]!["candidates"]!.AsArray().Select(candidate => (string)candidate!["write"]!);
}
