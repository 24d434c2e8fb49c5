using System.Text.Json.Nodes;

namespace OrleansSync.Gateway.Tests.Feeds;

[Collection("gateway")]
public sealed class AskingForChanges(RunningGateway gateway)
{
    private readonly string _address = $"/v1/collections/{RunningGateway.NewCollection()}/changes";

    [Theory]
    [InlineData("since=")]
    [InlineData("since=a%20b")]
    [InlineData("since=a/b")]
    [InlineData("limit=0")]
    [InlineData("limit=1001")]
    [InlineData("limit=ten")]
    [InlineData("wait=0")]
    [InlineData("wait=61")]
    [InlineData("wait=-1")]
    [InlineData("filter=7")]
    [InlineData("filter={")]
    [InlineData("filter={%22a%22:{%22near%22:1}}")]
    public async Task What_cannot_be_meant_is_malformed(string query)
    {
        var reply = await gateway.Get($"{_address}?{query}");

        Assert.Equal((400, "malformed"), (reply.Status, reply.Code));
    }

    [Fact]
    public async Task A_cursor_has_at_most_two_hundred_characters()
    {
        Assert.Equal(200, (await gateway.Get($"{_address}?since={new string('x', 200)}")).Status);
        Assert.Equal(400, (await gateway.Get($"{_address}?since={new string('x', 201)}")).Status);
    }

    [Fact]
    public async Task A_page_is_json_that_nobody_keeps()
    {
        var reply = await gateway.Get(_address);

        Assert.Equal("application/json", reply.ContentType);
        Assert.Equal("no-store", reply.Header("Cache-Control"));
        Assert.Equal(["since", "changes", "cursor", "upToDate"], reply.Json.Select(member => member.Key));
    }

    [Theory]
    [InlineData("HEAD")]
    [InlineData("POST")]
    [InlineData("DELETE")]
    public async Task Other_methods_are_not_served(string method) =>
        Assert.Equal(405, (await gateway.Send(new(method), _address)).Status);

    [Fact]
    public async Task Events_are_neither_kept_nor_held_back()
    {
        using var answer = await Events(_address);

        Assert.Equal("text/event-stream", answer.Content.Headers.ContentType!.MediaType);
        Assert.True(answer.Headers.CacheControl!.NoStore);
        Assert.Equal("no", answer.Headers.GetValues("X-Accel-Buffering").Single());
    }

    [Fact]
    public async Task The_last_event_id_beats_since()
    {
        var cursor = (string)(await gateway.Get($"{_address}?since=now")).Json["cursor"]!;

        using var answer = await Events($"{_address}?since=something-else", ("Last-Event-ID", cursor));
        using var lines = new StreamReader(await answer.Content.ReadAsStreamAsync());
        string? line;
        do line = await lines.ReadLineAsync();
        while (!line!.StartsWith("data: "));

        Assert.Equal(cursor, (string?)JsonNode.Parse(line["data: ".Length..])!["since"]);
    }

    private async Task<HttpResponseMessage> Events(string address, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, address);
        request.Headers.Accept.Add(new("text/event-stream"));
        foreach (var (name, value) in headers) request.Headers.Add(name, value);
        return await gateway.Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
    }
}
