using System.Net.WebSockets;
using System.Text;

namespace OrleansSync.Load.Peers;

/// <summary>A WebSocket on which a client asks and waits for the answer: for editors, of whom there are few.</summary>
internal sealed class Conversation : IDisposable
{
    private readonly ClientWebSocket _socket = new();
    private byte[] _buffer = new byte[64 * 1024];

    /// <param name="over">By which it connects; null = as usual.</param>
    public static async Task<Conversation> Open(Address address, string path, HttpMessageInvoker? over = null)
    {
        var conversation = new Conversation();
        if (address.Authorization is { } header) conversation._socket.Options.SetRequestHeader("Authorization", header);
        await conversation._socket.ConnectAsync(address.WebSocket(path), over, CancellationToken.None);
        return conversation;
    }

    public Task Send(string text) => _socket.SendAsync(Encoding.UTF8.GetBytes(text), WebSocketMessageType.Text, true, CancellationToken.None);

    public Task Send(ReadOnlyMemory<byte> bytes) => _socket.SendAsync(bytes, WebSocketMessageType.Binary, true, CancellationToken.None).AsTask();

    /// <summary>The next message; good until the next call.</summary>
    public async Task<ReadOnlyMemory<byte>> Next()
    {
        for (var used = 0; ;)
        {
            var part = await _socket.ReceiveAsync(_buffer.AsMemory(used), CancellationToken.None);
            if (part.MessageType == WebSocketMessageType.Close) throw new IOException("The server closed the connection of an editor.");
            used += part.Count;
            if (part.EndOfMessage) return _buffer.AsMemory(0, used);
            if (used == _buffer.Length) Array.Resize(ref _buffer, 2 * used);
        }
    }

    /// <summary>The next message that has this in it; others are passed over.</summary>
    public async Task<ReadOnlyMemory<byte>> Next(byte[] text)
    {
        for (; ; )
        {
            var message = await Next();
            if (message.Span.IndexOf(text) >= 0) return message;
        }
    }

    public void Dispose() => _socket.Dispose();
}
