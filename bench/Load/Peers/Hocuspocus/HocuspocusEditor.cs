using System.Buffers;
using System.Text;
using System.Text.Json;

namespace OrleansSync.Load.Peers;

/// <summary>
/// Has the document open, and replaces the item that holds the count as far as it was told: Yjs' own way. Two that replace the same item
/// leave one of them.
/// </summary>
internal sealed class HocuspocusEditor : IEditor
{
    private readonly Conversation _conversation;
    private readonly uint _client;
    private readonly int _port;
    private (YjsId Id, long Count)? _seen;
    private uint _clock;

    private HocuspocusEditor(Conversation conversation, int port, int index) =>
        (_conversation, _port, _client) = (conversation, port, (uint)(1_000_000 + index));

    public static async Task<HocuspocusEditor> Connect(int port, int index)
    {
        var conversation = await Conversation.Open(port, "/");
        var editor = new HocuspocusEditor(conversation, port, index);
        await conversation.Send(HocuspocusDialect.Login);
        await conversation.Send(HocuspocusDialect.AskForAll);
        await editor.Until(HocuspocusDialect.Sync, HocuspocusDialect.SecondStep);
        return editor;
    }

    public Task<int> Increment() => ReadModifyWrite();

    public async Task<int> ReadModifyWrite()
    {
        await Set(_seen!.Value.Count + 1);
        return 1;
    }

    /// <summary>By a newcomer, who is given the whole document.</summary>
    public async Task<long> Read()
    {
        using var newcomer = await Connect(_port, -2);
        return newcomer._seen!.Value.Count;
    }

    private async Task Set(long count)
    {
        var id = new YjsId(_client, _clock++);
        var update = new ArrayBufferWriter<byte>();
        YjsUpdate.Write(update, id, _seen?.Id, "hot"u8, Encoding.UTF8.GetBytes($$"""{"count":{{count}}}"""));
        var message = new ArrayBufferWriter<byte>();
        message.Write(HocuspocusDialect.Document);
        message.Write<byte>([HocuspocusDialect.Sync, HocuspocusDialect.Update]);
        message.VarBytes(update.WrittenSpan);
        _seen = (id, count);
        await _conversation.Send(message.WrittenMemory);
        await Until(HocuspocusDialect.SyncStatus, 1);
    }

    /// <summary>Takes in what comes, up to a message that begins so.</summary>
    private async Task Until(byte kind, byte then)
    {
        for (; ; )
        {
            var message = (await _conversation.Next())[HocuspocusDialect.Document.Length..];
            TakeIn(message.Span);
            if (message.Span[0] == kind && message.Span[1] == then) return;
        }
    }

    private void TakeIn(ReadOnlySpan<byte> message)
    {
        if (message[0] != HocuspocusDialect.Sync || message[1] == HocuspocusDialect.FirstStep) return;
        foreach (var (id, text) in YjsUpdate.Texts(new VarReader(message[2..]).Bytes()))
        {
            using var data = JsonDocument.Parse(text);
            if (data.RootElement.TryGetProperty("count", out var count)) _seen = (id, count.GetInt64());
        }
    }

    public void Dispose() => _conversation.Dispose();
}
