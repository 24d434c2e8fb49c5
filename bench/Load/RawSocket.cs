using System.Net.Security;
using System.Net.Sockets;
using System.Text;

namespace OrleansSync.Load;

/// <summary>
/// A WebSocket reduced to what a load generator needs, so that the generator costs little beside the server: frames are sent with a mask
/// of zero, and received bytes are searched, not parsed.
/// </summary>
internal sealed class RawSocket : IDisposable
{
    private const int MostRead = 64 * 1024 * 1024;

    private readonly Socket _socket;
    private readonly SslStream? _tls;

    private RawSocket(Socket socket, SslStream? tls) => (_socket, _tls) = (socket, tls);

    public static async Task<RawSocket> Connect(Address address, string path)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(address.Host, address.Port);
        var raw = new RawSocket(socket, address.Tls ? new(new NetworkStream(socket)) : null);
        if (raw._tls is not null) await raw._tls.AuthenticateAsClientAsync(address.Host);
        await raw.Send(Encoding.ASCII.GetBytes(
            $"GET {path} HTTP/1.1\r\nHost: {address}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            + (address.Authorization is { } header ? $"Authorization: {header}\r\n" : "")
            + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n"));
        var answer = Encoding.ASCII.GetString((await raw.ReadUntil("\r\n\r\n"u8.ToArray())).Span);
        if (answer.StartsWith("HTTP/1.1 401", StringComparison.Ordinal) || answer.StartsWith("HTTP/1.1 403", StringComparison.Ordinal))
            throw new IOException($"The server refused the connection: {answer.Split('\r')[0]}");
        return raw;
    }

    /// <summary>Reads until a text has come by.</summary>
    /// <returns>All that came, up to it and with whatever came together with it.</returns>
    /// <exception cref="IOException">It did not come, in <see cref="MostRead"/> bytes or before the connection was closed.</exception>
    public async Task<ReadOnlyMemory<byte>> ReadUntil(byte[] text)
    {
        var buffer = new byte[4 * 1024];
        var used = 0;
        for (var searched = 0; buffer.AsSpan(searched, used - searched).IndexOf(text) < 0;)
        {
            // What is looked for may have begun before.
            searched = Math.Max(0, used - text.Length + 1);
            if (used == MostRead) throw new IOException("The server sends more and more, and not what is waited for.");
            if (used == buffer.Length) Array.Resize(ref buffer, Math.Min(2 * used, MostRead));
            var read = await Receive(buffer.AsMemory(used));
            if (read == 0) throw new IOException("The server closed the connection.");
            used += read;
        }

        return buffer.AsMemory(0, used);
    }

    public ValueTask<int> Receive(Memory<byte> buffer) => _tls is null ? _socket.ReceiveAsync(buffer) : _tls.ReadAsync(buffer);

    public async ValueTask Send(ReadOnlyMemory<byte> bytes)
    {
        if (_tls is not null) await _tls.WriteAsync(bytes);
        else while (bytes.Length > 0) bytes = bytes[await _socket.SendAsync(bytes)..];
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

    public void Dispose()
    {
        _tls?.Dispose();
        _socket.Dispose();
    }
}
