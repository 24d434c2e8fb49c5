using System.Buffers;

namespace OrleansSync.Load.Peers;

/// <summary>SignalR's JSON protocol without negotiation: messages that end with U+001E.</summary>
internal sealed class SignalRDialect : Dialect
{
    public override string Path => "/hub";
    public override byte[] Answer { get; } = "\"type\":3"u8.ToArray();
    public override IReadOnlyList<byte[]> Refusals { get; } = ["\"error\":"u8.ToArray()];
    public override byte[] Delivery { get; } = "\"target\":\"change\""u8.ToArray();

    public override async Task Greet(RawSocket socket)
    {
        await socket.SendText("{\"protocol\":\"json\",\"version\":1}\u001e");
        await socket.ReadUntil("{}\u001e"u8.ToArray());
    }

    public override async Task Follow(RawSocket socket, int records)
    {
        await socket.SendText("{\"type\":1,\"invocationId\":\"1\",\"target\":\"Join\",\"arguments\":[]}\u001e");
        await socket.ReadUntil("\"invocationId\":\"1\""u8.ToArray());
    }

    public override void Write(IBufferWriter<byte> to, int number, Write write)
    {
        to.Write("{\"type\":1,\"invocationId\":\""u8);
        to.Number(number);
        to.Write("\",\"target\":\"Write\",\"arguments\":[\"r-"u8);
        to.Number(write.Record);
        to.Write("\","u8);
        to.Write(write.Data);
        to.Write("]}\u001e"u8);
    }
}
