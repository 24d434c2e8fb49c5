using System.Buffers;

namespace OrleansSync.Load.Peers;

/// <summary>
/// Hocuspocus' messages: the document's name, a kind, and a Yjs update. A writer replaces its own last value of a record, as one does who has
/// not yet seen the others'; like everybody with the document open it is sent what the others write.
/// </summary>
internal sealed class HocuspocusDialect(int index, int records) : Dialect
{
    public const byte Sync = 0;
    public const byte Authenticate = 2;
    public const byte SyncStatus = 8;
    public const byte FirstStep = 0;
    public const byte SecondStep = 1;
    public const byte Update = 2;

    public static readonly byte[] Document = "\u0005bench"u8.ToArray();

    private readonly uint?[] _mine = new uint?[records];
    private readonly ArrayBufferWriter<byte> _update = new();
    private readonly ArrayBufferWriter<byte> _key = new();

    public override string Path => "/";
    public override bool Binary => true;
    public override byte[] Answer { get; } = [.. Document, SyncStatus, 1];

    // The value itself begins so: several updates may come in one message.
    public override byte[] Delivery { get; } = "{\""u8.ToArray();

    public override async Task Greet(RawSocket socket)
    {
        await socket.SendBinary(Login);
        await socket.SendBinary(AskForAll);
        await socket.ReadUntil([.. Document, Sync, SecondStep]);
    }

    public override Task Follow(RawSocket socket, int records) => Task.CompletedTask;

    public override void Write(IBufferWriter<byte> to, int number, Write write)
    {
        _key.ResetWrittenCount();
        _key.Write("r-"u8);
        _key.Number(write.Record);
        var client = (uint)(index + 1);
        var clock = (uint)(number - 1);
        _update.ResetWrittenCount();
        YjsUpdate.Write(_update, new(client, clock), _mine[write.Record] is { } last ? new(client, last) : null, _key.WrittenSpan, write.Data);
        _mine[write.Record] = clock;
        to.Write(Document);
        to.Write<byte>([Sync, Update]);
        to.VarBytes(_update.WrittenSpan);
    }

    /// <summary>Any token does.</summary>
    public static byte[] Login { get; } = [.. Document, Authenticate, 0, 1, (byte)'t'];

    /// <summary>The first step of Yjs' synchronisation, from somebody who has nothing.</summary>
    public static byte[] AskForAll { get; } = [.. Document, Sync, FirstStep, 1, 0];
}
