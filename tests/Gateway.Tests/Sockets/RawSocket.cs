using System.Net.Sockets;
using System.Text;
using OrleansSync.Gateway.Sockets;

namespace OrleansSync.Gateway.Tests.Sockets;

/// <summary>A socket client that can do what no library does: send any bytes, and stop reading.</summary>
internal sealed class RawSocket : IAsyncDisposable
{
    public const string Request =
        "GET /v1/socket HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        + "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly TcpClient _client = new() { ReceiveBufferSize = 8 * 1024 };
    private readonly byte[] _buffer = new byte[8 * 1024 * 1024];
    private int _start;
    private int _end;

    public NetworkStream Stream => _client.GetStream();

    /// <summary>What the server answered to the handshake.</summary>
    public string Head { get; private set; } = "";

    public static async Task<RawSocket> Open(RunningGateway gateway, string request = Request)
    {
        var raw = new RawSocket();
        await raw._client.ConnectAsync(gateway.BaseAddress.Host, gateway.BaseAddress.Port);
        await raw.Send(Encoding.ASCII.GetBytes(request));
        raw.Head = await raw.ReadHead();
        return raw;
    }

    public async Task Send(byte[] bytes)
    {
        using var cancel = new CancellationTokenSource(Patience);
        await Stream.WriteAsync(bytes, cancel.Token);
    }

    /// <summary>The next frame; null when the connection has ended.</summary>
    public async Task<(Opcode Opcode, byte[] Payload)?> Receive()
    {
        if (!await Have(2)) return null;
        var opcode = (Opcode)(_buffer[_start] & 0x0F);
        var length = (int)_buffer[_start + 1];
        var header = length < 126 ? 2 : length == 126 ? 4 : 10;
        if (!await Have(header)) return null;
        if (length >= 126) length = (int)_buffer.AsSpan(_start + 2, header - 2).ToArray().Aggregate(0UL, (sum, b) => (sum << 8) | b);
        if (!await Have(header + length)) return null;
        var payload = _buffer.AsSpan(_start + header, length).ToArray();
        _start += header + length;
        return (opcode, payload);
    }

    /// <summary>Reads to the close frame and gives its code; null when the connection ended without one.</summary>
    public async Task<int?> CloseCode()
    {
        while (await Receive() is { } frame)
            if (frame.Opcode == Opcode.Close) return (frame.Payload[0] << 8) | frame.Payload[1];
        return null;
    }

    public ValueTask DisposeAsync()
    {
        _client.Dispose();
        return ValueTask.CompletedTask;
    }

    private async Task<string> ReadHead()
    {
        while (true)
        {
            var at = Encoding.ASCII.GetString(_buffer, _start, _end - _start).IndexOf("\r\n\r\n", StringComparison.Ordinal);
            if (at >= 0)
            {
                var head = Encoding.ASCII.GetString(_buffer, _start, at);
                _start += at + 4;
                return head;
            }
            if (!await Have(_end - _start + 1)) return "";
        }
    }

    private async Task<bool> Have(int count)
    {
        using var cancel = new CancellationTokenSource(Patience);
        while (_end - _start < count)
        {
            if (_start + count > _buffer.Length || _end == _buffer.Length)
            {
                _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
                (_start, _end) = (0, _end - _start);
            }
            var read = await Stream.ReadAsync(_buffer.AsMemory(_end), cancel.Token);
            if (read == 0) return false;
            _end += read;
        }
        return true;
    }
}
