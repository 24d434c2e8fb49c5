using System.Buffers;
using System.Text;

namespace OrleansSync.Load.Peers;

/// <summary>Our WebSocket, JSON text. Puts without a base: the later one wins.</summary>
/// <param name="index">Of the connection: its writes have ids of their own.</param>
internal sealed class OrleansSyncDialect(int index, string collection = OrleansSyncDialect.Usual) : Dialect
{
    private const string Usual = "bench";

    private readonly byte[] _collection = Encoding.ASCII.GetBytes(collection);

    public override string Path => "/v1/socket";
    public override byte[] Answer { get; } = "\"type\":\"results\""u8.ToArray();
    public override IReadOnlyList<byte[]> Refusals => NotApplied;
    public override byte[] Delivery { get; } = "\"type\":\"upsert\""u8.ToArray();

    /// <summary>What tells the answer to a write that was not applied. Of a put without a base that is a refusal; else more may become of it.</summary>
    public IReadOnlyList<byte[]> NotApplied { get; init; } = ["\"code\":\""u8.ToArray()];

    /// <summary>Written to in turn, in place of the one; none = that one.</summary>
    public IReadOnlyList<string> Collections { get; init; } = [];

    /// <summary>What the n-th write does, as members of it; null = it puts.</summary>
    public Func<int, string>? Operation { get; init; }

    public override async Task Greet(RawSocket socket)
    {
        await socket.SendText("""{"type":"hello","version":1}""");
        await socket.ReadUntil("\"welcome\""u8.ToArray());
    }

    public override async Task Follow(RawSocket socket, int records)
    {
        await socket.SendText($$"""{"type":"subscribe","ref":1,"collection":"{{collection}}","since":"now"}""");
        await socket.ReadUntil("\"upToDate\":true"u8.ToArray());
    }

    public override void Write(IBufferWriter<byte> to, int number, Write write)
    {
        to.Write("""{"type":"write","ref":"""u8);
        to.Number(number);
        to.Write(""","writes":[{"id":"w-"""u8);
        to.Number(index);
        to.Write("-"u8);
        to.Number(number);
        to.Write("\",\"collection\":\""u8);
        to.Write(Collections.Count == 0 ? _collection : Encoding.ASCII.GetBytes(Collections[number % Collections.Count]));
        to.Write("\",\"record\":\"r-"u8);
        to.Number(write.Record);
        to.Write(Operation is null ? "\",\"op\":\"put\",\"data\":"u8 : Encoding.ASCII.GetBytes($"\",{Operation(number)},\"data\":"));
        to.Write(write.Data);
        to.Write("}]}"u8);
    }
}
