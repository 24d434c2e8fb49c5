using System.Buffers;
using System.Text;

namespace OrleansSync.Load.Peers;

/// <summary>deepstream's binary protocol. A write names no version, which replaces what is there, and asks to be acknowledged.</summary>
internal sealed class DeepstreamDialect : Dialect
{
    private readonly ArrayBufferWriter<byte> _content = new();
    private readonly ArrayBufferWriter<byte> _text = new();

    public override string Path => "/deepstream";
    public override bool Binary => true;

    // Each message about a record names it once.
    public override byte[] Answer { get; } = "bench/"u8.ToArray();
    public override byte[] Delivery { get; } = "bench/"u8.ToArray();

    public override async Task Greet(RawSocket socket)
    {
        await socket.SendBinary(Challenge());
        await socket.ReadUntil([0x10, DeepstreamMessage.Connection, 0x1a]);
        await socket.SendBinary(Login());
        await socket.ReadUntil([0x10, DeepstreamMessage.Authentication, 0x1a]);
    }

    public override async Task Follow(RawSocket socket, int records)
    {
        await socket.SendBinary(All(DeepstreamMessage.Subscribe, records));
        await socket.ReadUntil("follow"u8.ToArray());
    }

    /// <summary>Nothing: it has no way of asking what is newer than what it has.</summary>
    public override Task<string?> Place(RawSocket socket, int records) => Task.FromResult<string?>("");

    public override Task ComeBack(RawSocket socket, int records, string place) => socket.SendBinary(All(DeepstreamMessage.SubscribeAndRead, records));

    public override void Write(IBufferWriter<byte> to, int number, Write write)
    {
        _content.ResetWrittenCount();
        _content.Number(DeepstreamMessage.Action, DeepstreamMessage.CreateAndUpdate);
        _content.Text(DeepstreamMessage.Data, write.Data);
        _content.Text(DeepstreamMessage.Correlation, Text(""u8, number));
        _content.Text(DeepstreamMessage.Name, Text("bench/"u8, write.Record));
        _content.Number(DeepstreamMessage.WantsAnswer, 1);
        _content.Number(DeepstreamMessage.Version, -1);
        DeepstreamMessage.Write(to, DeepstreamMessage.Record, _content.WrittenSpan);
    }

    private static ReadOnlyMemory<byte> All(int action, int records)
    {
        var content = new ArrayBufferWriter<byte>();
        content.Number(DeepstreamMessage.Action, action);
        content.Text(DeepstreamMessage.Correlation, "follow"u8);
        for (var record = 0; record < records; record++) content.Text(DeepstreamMessage.Names, Encoding.UTF8.GetBytes($"bench/{record}"));
        return Message(DeepstreamMessage.Record, content);
    }

    public static ReadOnlyMemory<byte> Challenge()
    {
        var content = new ArrayBufferWriter<byte>();
        content.Number(DeepstreamMessage.Action, 5);
        content.Text(5, "127.0.0.1"u8);
        content.Text(6, "0.1a"u8);
        return Message(DeepstreamMessage.Connection, content);
    }

    public static ReadOnlyMemory<byte> Login()
    {
        var content = new ArrayBufferWriter<byte>();
        content.Number(DeepstreamMessage.Action, 2);
        content.Text(2, "{}"u8);
        return Message(DeepstreamMessage.Authentication, content);
    }

    public static ReadOnlyMemory<byte> Message(byte topic, ArrayBufferWriter<byte> content)
    {
        var message = new ArrayBufferWriter<byte>();
        DeepstreamMessage.Write(message, topic, content.WrittenSpan);
        return message.WrittenMemory;
    }

    private ReadOnlySpan<byte> Text(ReadOnlySpan<byte> before, int number)
    {
        _text.ResetWrittenCount();
        _text.Write(before);
        _text.Number(number);
        return _text.WrittenSpan;
    }
}
