using System.Text.Json;

namespace OrleansSync.Load.Peers;

/// <summary>Reads and writes with nothing in between: the hub knows no other way.</summary>
internal sealed class SignalREditor(Conversation conversation) : OverwritingEditor(conversation)
{
    private static readonly byte[] Completion = "\"type\":3"u8.ToArray();

    public static async Task<SignalREditor> Connect(int port)
    {
        var conversation = await Conversation.Open(port, "/hub");
        await conversation.Send("{\"protocol\":\"json\",\"version\":1}\u001e");
        await conversation.Next();
        return new(conversation);
    }

    public override async Task<long> Read()
    {
        await Conversation.Send("{\"type\":1,\"invocationId\":\"1\",\"target\":\"Get\",\"arguments\":[\"hot\"]}\u001e");
        using var answer = JsonDocument.Parse((await Conversation.Next(Completion))[..^1]);
        return answer.RootElement.GetProperty("result").GetProperty("count").GetInt64();
    }

    public override async Task Set(long count)
    {
        await Conversation.Send($"{{\"type\":1,\"invocationId\":\"1\",\"target\":\"Write\",\"arguments\":[\"hot\",{{\"count\":{count}}}]}}\u001e");
        await Conversation.Next(Completion);
    }
}
