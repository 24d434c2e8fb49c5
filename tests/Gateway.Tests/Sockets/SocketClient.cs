using System.Net.WebSockets;
using System.Text;
using System.Text.Json.Nodes;

namespace OrleansSync.Gateway.Tests.Sockets;

/// <summary>A client of the plain socket as a test speaks it: frames as text, answers as JSON, every wait bounded.</summary>
internal sealed class SocketClient : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly ClientWebSocket _socket = new();
    private readonly MemoryStream _message = new();
    private readonly byte[] _buffer = new byte[64 * 1024];

    /// <summary>Why the server closed, once it has.</summary>
    public int? CloseCode => (int?)_socket.CloseStatus;

    public static async Task<SocketClient> Open(RunningGateway gateway, string? origin = null)
    {
        var client = new SocketClient();
        if (origin is not null) client._socket.Options.SetRequestHeader("Origin", origin);
        using var cancel = new CancellationTokenSource(Patience);
        await client._socket.ConnectAsync(gateway.SocketAddress, cancel.Token);
        return client;
    }

    /// <summary>Opens and says hello.</summary>
    public static async Task<SocketClient> Greet(RunningGateway gateway, string? token = null, string? client = null)
    {
        var socket = await Open(gateway);
        var hello = new JsonObject { ["type"] = "hello", ["version"] = 1 };
        if (token is not null) hello["token"] = token;
        if (client is not null) hello["client"] = client;
        await socket.Send(hello.ToJsonString());
        Assert.Equal("welcome", (string?)(await socket.Receive())!["type"]);
        return socket;
    }

    public Task Send(string text) => Send(Encoding.UTF8.GetBytes(text), WebSocketMessageType.Text);

    public async Task Send(byte[] bytes, WebSocketMessageType type)
    {
        using var cancel = new CancellationTokenSource(Patience);
        await _socket.SendAsync(bytes, type, true, cancel.Token);
    }

    /// <summary>The next frame, null when the server has closed.</summary>
    public async Task<JsonObject?> Receive()
    {
        using var cancel = new CancellationTokenSource(Patience);
        _message.SetLength(0);
        while (true)
        {
            var part = await _socket.ReceiveAsync(_buffer, cancel.Token);
            if (part.MessageType == WebSocketMessageType.Close) return null;
            _message.Write(_buffer, 0, part.Count);
            if (part.EndOfMessage) return JsonNode.Parse(_message.ToArray())!.AsObject();
        }
    }

    /// <summary>The next frame of a type; others are passed over.</summary>
    public async Task<JsonObject> Receive(string type)
    {
        while (await Receive() is { } frame)
            if ((string?)frame["type"] == type) return frame;
        throw new InvalidOperationException($"Closed with {CloseCode} before {type} came.");
    }

    /// <summary>Sends a frame and waits for what is answered to its ref.</summary>
    public async Task<JsonObject> Ask(string frame)
    {
        await Send(frame);
        var asked = (double)JsonNode.Parse(frame)!["ref"]!;
        while (await Receive() is { } answer)
            if ((double?)answer["ref"] == asked) return answer;
        throw new InvalidOperationException($"Closed with {CloseCode} before an answer came.");
    }

    /// <summary>Reads to the end: the codes of the problems that came, and then the close code.</summary>
    public async Task<string> End()
    {
        var said = new List<string>();
        while (await Receive() is { } frame)
            if ((string?)frame["type"] == "problem") said.Add((string)frame["code"]!);
        return string.Join(' ', [.. said, CloseCode.ToString()!]);
    }

    public async ValueTask DisposeAsync()
    {
        if (_socket.State == WebSocketState.Open)
        {
            try
            {
                using var cancel = new CancellationTokenSource(Patience);
                await _socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, cancel.Token);
            }
            catch (WebSocketException)
            {
                // The server was faster.
            }
        }
        _socket.Dispose();
    }
}
