using System.Buffers;
using System.Text;
using OrleansSync.Load.Peers;

namespace OrleansSync.Load;

/// <summary>Our WebSocket, with writes to a collection that is not the usual one.</summary>
internal sealed class CollectionDialect(string collection) : Dialect
{
    private readonly byte[] _collection = Encoding.UTF8.GetBytes(collection);

    public override string Path => "/v1/socket";
    public override byte[] Answer { get; } = "\"type\":\"results\""u8.ToArray();
    public override byte[]? Refusal { get; } = "\"code\":\""u8.ToArray();
    public override byte[] Delivery { get; } = "\"type\":\"upsert\""u8.ToArray();

    public override async Task Greet(RawSocket socket)
    {
        await socket.SendText("""{"type":"hello","version":1}""");
        await socket.ReadUntil("\"welcome\""u8.ToArray());
    }

    public override Task Follow(RawSocket socket, int records) => throw new NotSupportedException("It only writes.");

    public override void Write(IBufferWriter<byte> to, int number, Write write)
    {
        to.Write("""{"type":"write","ref":"""u8);
        to.Number(number);
        to.Write(",\"writes\":[{\"collection\":\""u8);
        to.Write(_collection);
        to.Write("\",\"record\":\"r-"u8);
        to.Number(write.Record);
        to.Write("\",\"op\":\"put\",\"data\":"u8);
        to.Write(write.Data);
        to.Write("}]}"u8);
    }
}
