using System.Net.WebSockets;
using System.Text;
using System.Text.Json.Nodes;

namespace OrleansSync.TimeZones;

/// <summary>A plain WebSocket after its hello.</summary>
internal sealed class Conversation : IDisposable
{
    private readonly ClientWebSocket _socket = new();

    public static async Task<Conversation> Open(Uri server, CancellationToken cancel)
    {
        var conversation = new Conversation();
        await conversation._socket.ConnectAsync(new UriBuilder(server) { Scheme = "ws", Path = "/v1/socket" }.Uri, cancel);
        await conversation.Send(new JsonObject { ["type"] = "hello", ["version"] = 1 }, cancel);
        await conversation.Receive(cancel);
        return conversation;
    }

    public Task Send(JsonObject frame, CancellationToken cancel) =>
        _socket.SendAsync(Encoding.UTF8.GetBytes(frame.ToJsonString()), WebSocketMessageType.Text, true, cancel);

    public async Task<JsonObject> Receive(CancellationToken cancel)
    {
        using var text = new MemoryStream();
        var buffer = new byte[64 * 1024];
        while (true)
        {
            var part = await _socket.ReceiveAsync(buffer, cancel);
            text.Write(buffer, 0, part.Count);
            if (part.EndOfMessage) return JsonNode.Parse(text.ToArray())!.AsObject();
        }
    }

    public void Dispose() => _socket.Dispose();
}
