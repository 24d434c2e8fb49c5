using System.Text.Json.Nodes;
using OrleansSync.EndToEnd.Nodes;

namespace OrleansSync.EndToEnd.Faults;

/// <summary>Somebody who follows a collection at one node, by a socket and by an event stream, and does not come back if either ends.</summary>
internal sealed class Onlooker : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    private readonly SyncSocket _socket;
    private readonly HttpResponseMessage _answer;
    private readonly StreamReader _events;

    private Onlooker(Node node, SyncSocket socket, HttpResponseMessage answer, StreamReader events) =>
        (Node, _socket, _answer, _events) = (node, socket, answer, events);

    public Node Node { get; }

    public static async Task<Onlooker> Of(Node node, string collection, string cursor)
    {
        var socket = await SyncSocket.Connect(node.Address);
        await socket.Send(new JsonObject { ["type"] = "subscribe", ["ref"] = 1, ["collection"] = collection, ["since"] = cursor });
        Assert.Equal("subscribed", (string?)(await socket.Receive())["type"]);

        using var request = new HttpRequestMessage(HttpMethod.Get, $"/v1/collections/{collection}/changes?since={cursor}");
        request.Headers.Accept.ParseAdd("text/event-stream");
        var answer = await node.Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        answer.EnsureSuccessStatusCode();
        return new(node, socket, answer, new(await answer.Content.ReadAsStreamAsync()));
    }

    /// <summary>Reads on until a change with the text comes, on both; nothing else but empty pages, and what a failed write may have left, comes before.</summary>
    public async Task<string> Hears(string text)
    {
        using var patience = new CancellationTokenSource(Patience);
        while (await _socket.Receive(patience.Token) is var frame && !frame.ToJsonString().Contains($"\"{text}\"", StringComparison.Ordinal))
            Assert.True((string?)frame["type"] == "changes", $"The socket at {Node} was told {frame.ToJsonString()}");
        while (await _events.ReadLineAsync(patience.Token) is var line && line?.Contains($"\"{text}\"", StringComparison.Ordinal) != true)
            Assert.True(line is not null && !line.StartsWith("event: problem", StringComparison.Ordinal), $"The event stream at {Node} ended with {line}");
        return "both stayed open and went on";
    }

    public void Dispose()
    {
        _socket.Dispose();
        _events.Dispose();
        _answer.Dispose();
    }
}
