using System.Buffers;
using System.Text;

namespace OrleansSync.Load.Peers;

/// <summary>Our WebSocket, JSON text. Unless a base is named the later write wins.</summary>
/// <param name="index">Of the connection: its writes have ids of their own.</param>
/// <param name="op">Of all its writes.</param>
/// <param name="base">The version that all its writes have seen; null = they do not say.</param>
internal sealed class OrleansSyncDialect(int index, string collection = OrleansSyncDialect.Usual, string op = "put", int? @base = null) : Dialect
{
    private const string Usual = "bench";

    private readonly byte[] _collection = Encoding.ASCII.GetBytes(collection);
    private readonly byte[] _op = Encoding.ASCII.GetBytes($"\",\"op\":\"{op}\"{(@base is { } seen ? $",\"base\":{seen}" : "")},\"data\":");

    public override string Path => "/v1/socket";
    public override byte[] Answer { get; } = "\"type\":\"results\""u8.ToArray();
    public override IReadOnlyList<byte[]> Refusals => NotApplied;
    public override byte[] Delivery { get; } = "\"type\":\"upsert\""u8.ToArray();

    /// <summary>What tells the answer to a write that was not applied. Of a put without a base that is a refusal; else more may become of it.</summary>
    public IReadOnlyList<byte[]> NotApplied { get; init; } = ["\"code\":\""u8.ToArray()];

    /// <summary>Written to in turn, in place of the one; none = that one.</summary>
    public IReadOnlyList<string> Collections { get; init; } = [];

    /// <summary>What the n-th write does, as members of it, in place of the one for all; null = that one.</summary>
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

    /// <summary>The cursor of the first page, which is the newest there is.</summary>
    public override async Task<string?> Place(RawSocket socket, int records)
    {
        await socket.SendText($$"""{"type":"subscribe","ref":1,"collection":"{{collection}}","since":"now"}""");
        var page = Encoding.UTF8.GetString((await socket.ReadUntil("\"upToDate\":true"u8.ToArray())).Span);
        return page.Split("\"cursor\":\"")[1].Split('"')[0];
    }

    public override async Task ComeBack(RawSocket socket, int records, string place) =>
        await socket.SendText($$"""{"type":"subscribe","ref":1,"collection":"{{collection}}","since":"{{place}}"}""");

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
        to.Write(Operation is null ? _op : Encoding.ASCII.GetBytes($"\",{Operation(number)},\"data\":"));
        to.Write(write.Data);
        to.Write("}]}"u8);
    }
}
