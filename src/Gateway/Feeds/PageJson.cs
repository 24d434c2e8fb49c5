using System.Buffers.Binary;
using System.Text;

namespace OrleansSync.Gateway.Feeds;

/// <summary>A page as text: the JSON of protocol §8, bare or as the WebSocket frame of §9, each in one exactly sized array.</summary>
internal static class PageJson
{
    private const byte FinalText = 0x81;
    private const byte Length16 = 126;
    private const byte Length64 = 127;

    public static byte[] Page(FeedPage page)
    {
        var head = Encoding.UTF8.GetBytes($"{{\"since\":\"{page.Since}\",{Reset(page)}\"changes\":[");
        return Join(0, head, page, Tail(page));
    }

    public static byte[] Frame(FeedPage page)
    {
        var head = Encoding.UTF8.GetBytes(
            $"{{\"type\":\"changes\",\"feed\":\"{page.Feed}\",\"since\":\"{page.Since}\",{Reset(page)}\"changes\":[");
        var tail = Tail(page);
        var length = head.Length + BodyLength(page) + tail.Length;
        var headerLength = length < Length16 ? 2 : length <= ushort.MaxValue ? 4 : 10;
        var frame = Join(headerLength, head, page, tail);
        WriteHeader(frame, length);
        return frame;
    }

    private static string Reset(FeedPage page) => page.Reset is null ? "" : $"\"reset\":{{\"reason\":\"{page.Reset}\"}},";

    private static byte[] Tail(FeedPage page) =>
        Encoding.UTF8.GetBytes($"],\"cursor\":\"{page.Cursor}\",\"upToDate\":{(page.UpToDate ? "true" : "false")}}}");

    private static byte[] Join(int at, byte[] head, FeedPage page, byte[] tail)
    {
        var whole = GC.AllocateUninitializedArray<byte>(at + head.Length + BodyLength(page) + tail.Length);
        head.CopyTo(whole, at);
        at += head.Length;
        for (var i = 0; i < page.Changes.Count; i++)
        {
            if (i > 0) whole[at++] = (byte)',';
            var change = page.Changes[i].Json.Span;
            change.CopyTo(whole.AsSpan(at));
            at += change.Length;
        }
        tail.CopyTo(whole, at);
        return whole;
    }

    private static int BodyLength(FeedPage page)
    {
        var length = Math.Max(0, page.Changes.Count - 1);
        for (var i = 0; i < page.Changes.Count; i++) length += page.Changes[i].Json.Length;
        return length;
    }

    private static void WriteHeader(byte[] frame, int length)
    {
        frame[0] = FinalText;
        if (length < Length16)
        {
            frame[1] = (byte)length;
        }
        else if (length <= ushort.MaxValue)
        {
            frame[1] = Length16;
            BinaryPrimitives.WriteUInt16BigEndian(frame.AsSpan(2), (ushort)length);
        }
        else
        {
            frame[1] = Length64;
            BinaryPrimitives.WriteUInt64BigEndian(frame.AsSpan(2), (ulong)length);
        }
    }
}
