using OrleansSync.Gateway.Presence;

namespace OrleansSync.Gateway.Sockets;

/// <summary>The frames of presence: <c>announced</c>, <c>unwatched</c>, and <c>presence</c>, whose people are encoded once for all who watch.</summary>
internal static partial class SocketReplies
{
    /// <summary>Most bytes before the people: the frame's header, type and ref.</summary>
    private const int MostHead = 96;

    public static void Announced(this Outbox outbox, SocketRef to)
    {
        var frame = Begin("announced"u8, to, out var json);
        Send(outbox, frame, ref json);
    }

    public static void Unwatched(this Outbox outbox, SocketRef to)
    {
        var frame = Begin("unwatched"u8, to, out var json);
        Send(outbox, frame, ref json);
    }

    /// <summary>Lets it leave at once.</summary>
    public static void Presence(this Outbox outbox, SocketRef to, People people)
    {
        Span<byte> words = stackalloc byte[MostHead];
        var count = 0;
        Put("{\"type\":\"presence\""u8, words, ref count);
        if (to.Number is { } number)
        {
            Put(",\"ref\":"u8, words, ref count);
            Put(number, words, ref count);
        }
        Put(","u8, words, ref count);

        // The people's own opening brace is the one above.
        var shared = people.Json[1..];
        Span<byte> head = stackalloc byte[Frame.MaxHeader + MostHead];
        var header = Frame.WriteHeader(head, Opcode.Text, count + shared.Length);
        words[..count].CopyTo(head[header..]);
        outbox.Add(head[..(header + count)], shared);
        outbox.Flush();
    }

    private static void Put(ReadOnlySpan<byte> bytes, Span<byte> target, ref int count)
    {
        bytes.CopyTo(target[count..]);
        count += bytes.Length;
    }
}
