using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http.Features;

namespace OrleansSync.Load.Peers;

/// <summary>
/// What the transport carries when a server does nothing else: on Kestrel's upgraded connections each message is framed once, and its bytes are
/// written to all sockets, several at once where a socket is behind. The newest value of each record is kept in memory.
/// </summary>
internal static class BroadcastPeer
{
    private const int SliceBytes = 64 * 1024;
    private static readonly byte[] Done = [0x81, 2, (byte)'o', (byte)'k'];

    public static async Task<int> Serve(string url)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls(url);
        builder.Logging.ClearProviders();
        await using var app = builder.Build();
        var ring = new FrameRing(4096);
        var values = new ConcurrentDictionary<string, byte[]>();
        app.Map("/follow", (HttpContext context) => Follow(context, ring));
        app.Map("/write", (HttpContext context) => Take(context, ring, values));
        await app.StartAsync();
        Console.WriteLine("ready");
        await app.WaitForShutdownAsync();
        return 0;
    }

    private static async Task Follow(HttpContext context, FrameRing ring)
    {
        var cursor = ring.Head;
        await using var stream = await Upgrade(context);
        var slice = new byte[SliceBytes];
        while (!context.RequestAborted.IsCancellationRequested)
        {
            await ring.Past(cursor);
            var used = ring.Copy(ref cursor, slice);
            await stream.WriteAsync(slice.AsMemory(0, used));
        }
    }

    /// <summary><c>w RECORD DATA</c> is kept, sent to all and answered <c>ok</c>; <c>g RECORD</c> is answered with its data.</summary>
    private static async Task Take(HttpContext context, FrameRing ring, ConcurrentDictionary<string, byte[]> values)
    {
        await using var stream = await Upgrade(context);
        var buffer = new byte[1 << 20];
        var answers = new MemoryStream();
        for (var used = 0; ;)
        {
            var read = await stream.ReadAsync(buffer.AsMemory(used));
            if (read == 0) return;
            used += read;
            var taken = 0;
            while (Message(buffer.AsSpan(taken..used), out var payload) is > 0 and var length)
            {
                Answer(payload, ring, values, answers);
                taken += length;
            }

            buffer.AsSpan(taken..used).CopyTo(buffer);
            used -= taken;
            await stream.WriteAsync(answers.GetBuffer().AsMemory(0, (int)answers.Length));
            answers.SetLength(0);
        }
    }

    private static void Answer(ReadOnlySpan<byte> message, FrameRing ring, ConcurrentDictionary<string, byte[]> values, MemoryStream answers)
    {
        var rest = message[2..];
        if (message[0] == 'g')
        {
            answers.Write(values[Encoding.UTF8.GetString(rest)]);
            return;
        }

        var frame = Frame(message);
        values[Encoding.UTF8.GetString(rest[..rest.IndexOf((byte)' ')])] = frame;
        ring.Add(frame);
        answers.Write(Done);
    }

    /// <summary>A text frame as a server sends it: without a mask, so that it is the same for everybody.</summary>
    private static byte[] Frame(ReadOnlySpan<byte> payload)
    {
        var head = payload.Length < 126 ? 2 : 4;
        var frame = new byte[head + payload.Length];
        frame[0] = 0x81;
        frame[1] = head == 2 ? (byte)payload.Length : (byte)126;
        if (head == 4) BinaryPrimitives.WriteUInt16BigEndian(frame.AsSpan(2), checked((ushort)payload.Length));
        payload.CopyTo(frame.AsSpan(head));
        return frame;
    }

    /// <summary>The length of the first frame with its head, 0 if it is not whole. The payload is unmasked where it stands.</summary>
    private static int Message(Span<byte> bytes, out ReadOnlySpan<byte> payload)
    {
        payload = default;
        if (bytes.Length < 8) return 0;
        var (length, head) = (bytes[1] & 0x7f) switch
        {
            126 => (BinaryPrimitives.ReadUInt16BigEndian(bytes[2..]), 8),
            127 => throw new InvalidDataException("No message is longer than 65,535 bytes."),
            var small => (small, 6),
        };
        if (bytes.Length < head + length) return 0;
        var mask = bytes.Slice(head - 4, 4);
        var content = bytes.Slice(head, length);
        if (BinaryPrimitives.ReadUInt32BigEndian(mask) != 0)
        {
            for (var i = 0; i < content.Length; i++) content[i] ^= mask[i & 3];
        }

        payload = content;
        return head + length;
    }

    private static Task<Stream> Upgrade(HttpContext context)
    {
        var key = context.Request.Headers.SecWebSocketKey + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
        context.Response.Headers.SecWebSocketAccept = Convert.ToBase64String(SHA1.HashData(Encoding.ASCII.GetBytes(key)));
        context.Response.Headers.Upgrade = "websocket";
        context.Response.Headers.Connection = "Upgrade";
        return context.Features.GetRequiredFeature<IHttpUpgradeFeature>().UpgradeAsync();
    }
}
