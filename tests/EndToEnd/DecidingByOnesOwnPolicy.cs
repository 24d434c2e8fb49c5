using System.Net;
using System.Text;
using System.Text.Json.Nodes;

namespace OrleansSync.EndToEnd;

/// <summary>The sample of a policy of one's own, run as its readers run it: a class, a line, and a whole server that knows it.</summary>
public sealed class DecidingByOnesOwnPolicy
{
    private const string Notes = "/v1/collections/notes";
    private const string Note = Notes + "/records/n1";

    [Fact]
    public async Task The_longer_of_two_concurrent_texts_stands_and_answer_and_history_name_the_rule()
    {
        await using var server = await GatewayProcess.Started(BuiltBeside.Sample("CustomPolicy"));
        await Send(server, HttpMethod.Put, Notes, """{"fields":{"text":"custom:longest"}}""");
        await Send(server, HttpMethod.Put, Note, """{"text":"Milk"}""");

        await Send(server, HttpMethod.Patch, Note, """{"text":"Milk, two litres, and bread"}""", seen: 1);
        var shorter = await Send(server, HttpMethod.Patch, Note, """{"text":"Oat milk"}""", seen: 1);
        var longest = await Send(server, HttpMethod.Patch, Note, """{"text":"Milk, two litres, bread, and a dozen eggs"}""", seen: 1);

        Assert.Equal("superseded", (string?)shorter["outcome"]);
        Assert.Equal(("text", "current", "custom:longest"), OnlyField(shorter));
        Assert.Equal("merged", (string?)longest["outcome"]);
        Assert.Equal(("text", "incoming", "custom:longest"), OnlyField(longest));
        Assert.Equal("Milk, two litres, bread, and a dozen eggs", (string?)longest["record"]!["data"]!["text"]);

        var history = JsonNode.Parse(await server.Http.GetStringAsync($"{Note}/history"))!["entries"]!.AsArray();
        Assert.Equal(["merged", "superseded"], history.Take(2).Select(entry => (string?)entry!["outcome"]));
        Assert.All(history.Take(2), entry => Assert.Equal("custom:longest", OnlyField(entry!).Rule));
        Assert.Equal("Oat milk", (string?)history[1]!["changes"]![0]!["to"]);
    }

    private static (string? Path, string? Kept, string? Rule) OnlyField(JsonNode result)
    {
        var field = Assert.Single(result["fields"]!.AsArray())!;
        return ((string?)field["path"], (string?)field["kept"], (string?)field["rule"]);
    }

    private static async Task<JsonNode> Send(GatewayProcess server, HttpMethod method, string path, string body, int? seen = null)
    {
        using var request = new HttpRequestMessage(method, path) { Content = new StringContent(body, Encoding.UTF8, "application/json") };
        if (seen is { } version) request.Headers.Add("Sync-Base", $"{version}");
        using var answer = await server.Http.SendAsync(request);
        Assert.True(answer.StatusCode is HttpStatusCode.OK or HttpStatusCode.Created, await answer.Content.ReadAsStringAsync());
        return JsonNode.Parse(await answer.Content.ReadAsStringAsync())!;
    }
}
