using System.Buffers;
using System.Text;
using System.Text.RegularExpressions;

namespace OrleansSync.Load.Peers;

/// <summary>ShareDB's JSON messages. A write replaces the document's <c>value</c>; a subscriber asks for all documents in one message.</summary>
internal sealed partial class ShareDbDialect : Dialect
{
    public override string Path => "/";
    public override byte[] Answer => Acknowledgement;
    public override IReadOnlyList<byte[]> Refusals { get; } = ["\"error\":"u8.ToArray()];
    public override byte[] Delivery { get; } = "\"oi\":"u8.ToArray();

    // Who edits what others have edited meanwhile is first sent their operations, which begin with this member. In an acknowledgement it stands behind
    // others, and so it does in a refusal, which is the message as it was sent.
    public static readonly byte[] Acknowledgement = ",\"a\":\"op\""u8.ToArray();

    public override async Task Greet(RawSocket socket)
    {
        await socket.SendText("""{"a":"hs","id":null,"protocol":1,"protocolMinor":2}""");
        await socket.ReadUntil("\"a\":\"hs\""u8.ToArray());
    }

    public override async Task Follow(RawSocket socket, int records)
    {
        await socket.SendText($$"""{"a":"bs","c":"bench","b":[{{Documents(records)}}]}""");
        await socket.ReadUntil("\"a\":\"bs\""u8.ToArray());
    }

    /// <summary>The version of each document.</summary>
    public override async Task<string?> Place(RawSocket socket, int records)
    {
        await socket.SendText($$"""{"a":"bf","c":"bench","b":[{{Documents(records)}}]}""");
        var documents = Encoding.UTF8.GetString((await socket.ReadUntil("\"a\":\"bf\""u8.ToArray())).Span);
        return string.Join(',', Snapshot().Matches(documents).Select(document => $"{document.Groups[1]}:{document.Groups[2]}"));
    }

    /// <summary>Every operation since then is sent again, one by one.</summary>
    public override async Task ComeBack(RawSocket socket, int records, string place) => await socket.SendText($$$"""{"a":"bs","c":"bench","b":{{{{place}}}}}""");

    public override void Write(IBufferWriter<byte> to, int number, Write write)
    {
        to.Write("""{"c":"bench","a":"op","d":"r-"""u8);
        to.Number(write.Record);
        to.Write("\",\"seq\":"u8);
        to.Number(number);
        // Without a version it is meant for the newest one, so that nothing need be transformed.
        to.Write(""","x":{},"op":[{"p":["value"],"oi":"""u8);
        to.Write(write.Data);
        to.Write("}]}"u8);
    }

    private static string Documents(int records) => string.Join(',', Enumerable.Range(0, records).Select(record => $"\"r-{record}\""));

    [GeneratedRegex("""("r-\d+"):\{"v":(\d+)""")]
    private static partial Regex Snapshot();
}
