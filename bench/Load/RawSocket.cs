using System.Net;
using System.Net.Sockets;
using System.Text;

namespace OrleansSync.Load;

/// <summary>
/// A WebSocket reduced to what a load generator needs, so that the generator costs little beside the server: frames are sent with a mask
/// of zero, and received bytes are searched, not parsed.
/// </summary>
internal sealed class RawSocket : IDisposable
{
    private readonly Socket _socket;

    private RawSocket(Socket socket) => _socket = socket;

    public static async Task<RawSocket> Connect(int port, string path)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(IPAddress.Loopback, port);
        var raw = new RawSocket(socket);
        await socket.SendAsync(Encoding.ASCII.GetBytes(
            $"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n"));
        await raw.ReadUntil("\r\n\r\n"u8.ToArray());
        return raw;
    }

    /// <summary>Reads until a text has come by; what comes with it is dropped.</summary>
    public async Task ReadUntil(byte[] text)
    {
        var buffer = new byte[16 * 1024];
        var used = 0;
        while (buffer.AsSpan(0, used).IndexOf(text) < 0)
        {
            if (used == buffer.Length) used = 0;
            var read = await _socket.ReceiveAsync(buffer.AsMemory(used));
            if (read == 0) throw new IOException("The server closed the connection.");
            used += read;
        }
    }

    public ValueTask<int> Receive(Memory<byte> buffer) => _socket.ReceiveAsync(buffer);

    public async ValueTask Send(ReadOnlyMemory<byte> bytes)
    {
        while (bytes.Length > 0) bytes = bytes[await _socket.SendAsync(bytes)..];
    }

    public ValueTask SendText(string text)
    {
        var payload = Encoding.UTF8.GetBytes(text);
        var frame = new byte[payload.Length + 14];
        return Send(frame.AsMemory(0, Frame(payload, frame)));
    }

    /// <summary>Writes one masked text frame and returns its length.</summary>
    public static int Frame(ReadOnlySpan<byte> payload, Span<byte> to)
    {
        to[0] = 0x81;
        int header;
        if (payload.Length < 126)
        {
            to[1] = (byte)(0x80 | payload.Length);
            header = 2;
        }
        else
        {
            to[1] = 0x80 | 126;
            System.Buffers.Binary.BinaryPrimitives.WriteUInt16BigEndian(to[2..], checked((ushort)payload.Length));
            header = 4;
        }

        to.Slice(header, 4).Clear();
        payload.CopyTo(to[(header + 4)..]);
        return header + 4 + payload.Length;
    }

    public void Dispose() => _socket.Dispose();
}
