using System.Text.Json;

namespace OrleansSync.Load.Peers;

/// <summary>Reads and writes with nothing in between: an event is an event.</summary>
internal sealed class SocketIoEditor(Conversation conversation) : OverwritingEditor(conversation)
{
    private static readonly byte[] Acknowledgement = "431["u8.ToArray();

    public static async Task<SocketIoEditor> Connect(int port)
    {
        var conversation = await Conversation.Open(port, "/socket.io/?EIO=4&transport=websocket");
        await conversation.Send("40");
        await conversation.Next("40{\"sid\""u8.ToArray());
        return new(conversation);
    }

    public override async Task<long> Read()
    {
        await Conversation.Send("421[\"get\",\"hot\"]");
        using var answer = JsonDocument.Parse((await Conversation.Next(Acknowledgement))[3..]);
        return answer.RootElement[0].GetProperty("count").GetInt64();
    }

    public override async Task Set(long count)
    {
        await Conversation.Send($$"""421["write","hot",{"count":{{count}}}]""");
        await Conversation.Next(Acknowledgement);
    }
}
