using System.Buffers;

namespace OrleansSync.Load.Peers;

/// <summary>Socket.IO 5 on Engine.IO 4: <c>42</c> is an event, with the number that its acknowledgement <c>43</c> shall have.</summary>
internal sealed class SocketIoDialect : Dialect
{
    public override string Path => "/socket.io/?EIO=4&transport=websocket";
    public override byte[] Answer { get; } = "[true]"u8.ToArray();
    public override byte[] Delivery { get; } = "[\"change\","u8.ToArray();

    public override async Task Greet(RawSocket socket)
    {
        await socket.SendText("40");
        await socket.ReadUntil("40{\"sid\""u8.ToArray());
    }

    public override async Task Follow(RawSocket socket, int records)
    {
        await socket.SendText("420[\"join\"]");
        await socket.ReadUntil("430[true]"u8.ToArray());
    }

    public override void Write(IBufferWriter<byte> to, int number, Write write)
    {
        to.Write("42"u8);
        to.Number(number);
        to.Write("[\"write\",\"r-"u8);
        to.Number(write.Record);
        to.Write("\","u8);
        to.Write(write.Data);
        to.Write("]"u8);
    }
}
