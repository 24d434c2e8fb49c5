using System.Text;
using OrleansSync.Gateway.Settings;
using OrleansSync.Protocol;

namespace OrleansSync.Gateway.Sockets;

/// <summary>The frames a server sends beside pages (protocol §9), encoded straight into an outbox.</summary>
internal static partial class SocketReplies
{
    private const int Version = 1;

    public static void Welcome(this Outbox outbox, SocketRef to, string author, Timestamp now, LimitSettings limits)
    {
        var frame = Begin("welcome"u8, to, out var json);
        json.Raw(",\"version\":"u8);
        json.Number(Version);
        json.Raw(",\"author\":"u8);
        json.String(author);
        json.Raw(",\"timestamp\":"u8);
        json.Instant(now);
        json.Raw(",\"limits\":"u8);
        WriteLimits(ref json, limits);
        Send(outbox, frame, ref json);
    }

    public static void Subscribed(this Outbox outbox, SocketRef to, string feed)
    {
        var frame = Begin("subscribed"u8, to, out var json);
        json.Raw(",\"feed\":"u8);
        json.String(feed);
        Send(outbox, frame, ref json);
    }

    public static void Unsubscribed(this Outbox outbox, SocketRef to)
    {
        var frame = Begin("unsubscribed"u8, to, out var json);
        Send(outbox, frame, ref json);
    }

    public static void Results(this Outbox outbox, SocketRef to, IReadOnlyList<WriteResult> results)
    {
        var frame = Begin("results"u8, to, out var json);
        json.Raw(",\"results\":"u8);
        ResultJson.WriteArray(ref json, results);
        Send(outbox, frame, ref json);
    }

    public static void Result(this Outbox outbox, SocketRef to, WriteResult result)
    {
        var frame = Begin("result"u8, to, out var json);
        json.Raw(",\"result\":"u8);
        ResultJson.Write(ref json, result);
        Send(outbox, frame, ref json);
    }

    public static void Record(this Outbox outbox, SocketRef to, RecordVersion record)
    {
        var frame = Begin("record"u8, to, out var json);
        json.Raw(",\"record\":"u8);
        RecordJson.Write(ref json, record);
        Send(outbox, frame, ref json);
    }

    public static void Pong(this Outbox outbox, SocketRef to, Timestamp now)
    {
        var frame = Begin("pong"u8, to, out var json);
        json.Raw(",\"timestamp\":"u8);
        json.Instant(now);
        Send(outbox, frame, ref json);
    }

    /// <param name="feed">The feed that has ended by it, if one has.</param>
    public static void Problem(this Outbox outbox, SocketRef to, Problem problem, string? feed = null)
    {
        var frame = Begin("problem"u8, to, out var json);
        json.Raw(",\"code\":"u8);
        json.String(problem.Code);
        json.Raw(",\"detail\":"u8);
        json.String(problem.Detail);
        if (feed is not null)
        {
            json.Raw(",\"feed\":"u8);
            json.String(feed);
        }
        Send(outbox, frame, ref json);
    }

    /// <summary>One heartbeat for every socket that is quiet just now.</summary>
    public static byte[] Heartbeat(Timestamp now) =>
        Frame.Of(Opcode.Text, Encoding.ASCII.GetBytes($"{{\"type\":\"heartbeat\",\"timestamp\":\"{now}\"}}"));

    private static FrameBuffer Begin(ReadOnlySpan<byte> type, SocketRef to, out JsonOut json)
    {
        var frame = FrameBuffer.Begin();
        json = new JsonOut(frame);
        json.Raw("{\"type\":"u8);
        json.String(type);
        if (to.Number is { } number)
        {
            json.Raw(",\"ref\":"u8);
            json.Raw(number);
        }
        return frame;
    }

    private static void Send(Outbox outbox, FrameBuffer frame, ref JsonOut json)
    {
        json.Raw('}');
        json.End();
        outbox.Append(frame.Take());
    }

    /// <summary>A limit that is off does not apply, so it is left out.</summary>
    private static void WriteLimits(ref JsonOut json, LimitSettings limits)
    {
        ReadOnlySpan<(string Name, int Value)> all =
        [
            ("dataBytes", limits.DataBytes), ("frameBytes", limits.FrameBytes), ("writes", limits.Writes),
            ("changes", limits.Changes), ("subscriptions", limits.Subscriptions),
        ];
        var first = true;
        json.Raw('{');
        foreach (var (name, value) in all)
        {
            if (value == int.MaxValue) continue;
            if (!first) json.Raw(',');
            first = false;
            json.String(name);
            json.Raw(':');
            json.Number(value);
        }
        json.Raw('}');
    }
}
