using System.Net.WebSockets;
using System.Text;
using System.Text.Json.Nodes;

namespace OrleansSync.EndToEnd;

/// <summary>A client's end of the plain WebSocket: JSON objects out, JSON objects in.</summary>
internal sealed class SyncSocket : IDisposable
{
    /// <summary>A server has something to say every 15 s, if only a heartbeat.</summary>
    public static readonly TimeSpan LongestSilence = TimeSpan.FromSeconds(25);

    private readonly ClientWebSocket _socket = new();
    private readonly byte[] _buffer = new byte[64 * 1024];

    /// <summary>Connects and says hello.</summary>
    public static async Task<SyncSocket> Connect(Uri gateway, CancellationToken cancel = default)
    {
        var socket = new SyncSocket();
        try
        {
            await socket._socket.ConnectAsync(new UriBuilder(gateway) { Scheme = "ws", Path = "/v1/socket" }.Uri, cancel);
            await socket.Send(new JsonObject { ["type"] = "hello", ["version"] = 1 }, cancel);
            var welcome = await socket.Receive(cancel);
            Assert.Equal("welcome", (string?)welcome["type"]);
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    public Task Send(JsonObject frame, CancellationToken cancel = default) =>
        _socket.SendAsync(Encoding.UTF8.GetBytes(frame.ToJsonString()), WebSocketMessageType.Text, true, cancel);

    /// <summary>The next frame that is not a heartbeat. A server that is silent for too long counts as gone.</summary>
    public async Task<JsonObject> ReceiveOfTheLiving(CancellationToken cancel)
    {
        using var silence = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        while (true)
        {
            silence.CancelAfter(LongestSilence);
            var frame = JsonNode.Parse(await ReceiveText(silence.Token))!.AsObject();
            if ((string?)frame["type"] != "heartbeat") return frame;
        }
    }

    /// <summary>The next frame that is not a heartbeat.</summary>
    public async Task<JsonObject> Receive(CancellationToken cancel = default)
    {
        while (true)
        {
            var frame = JsonNode.Parse(await ReceiveText(cancel))!.AsObject();
            if ((string?)frame["type"] != "heartbeat") return frame;
        }
    }

    private async Task<string> ReceiveText(CancellationToken cancel)
    {
        using var text = new MemoryStream();
        while (true)
        {
            var part = await _socket.ReceiveAsync(_buffer, cancel);
            if (part.MessageType == WebSocketMessageType.Close) throw new WebSocketException($"Closed by the server: {part.CloseStatus}.");
            text.Write(_buffer, 0, part.Count);
            if (part.EndOfMessage) return Encoding.UTF8.GetString(text.GetBuffer(), 0, (int)text.Length);
        }
    }

    public void Dispose() => _socket.Dispose();
}
