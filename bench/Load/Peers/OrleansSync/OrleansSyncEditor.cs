using System.Text.Json;

namespace OrleansSync.Load.Peers;

/// <summary>Adds with <c>$increment</c>, and reads and writes with <c>ifVersion</c>; a refusal brings the record as it is now.</summary>
internal sealed class OrleansSyncEditor(Conversation conversation, string name) : IEditor
{
    private static readonly byte[] Results = "\"type\":\"results\""u8.ToArray();
    private static readonly byte[] Record = "\"type\":\"record\""u8.ToArray();
    private int _sent;

    public static async Task<OrleansSyncEditor> Connect(Address address, int index)
    {
        var conversation = await Conversation.Open(address, "/v1/socket");
        await conversation.Send($$"""{"type":"hello","version":1,"client":"editor-{{index}}"}""");
        await conversation.Next();
        return new(conversation, $"e-{index}");
    }

    public Task Create() => Write(""" "op":"put","data":{"count":0} """);

    public async Task<int> Increment()
    {
        var (applied, _, _) = await Write(""" "op":"patch","data":{"count":{"$increment":1}} """);
        return applied ? 1 : throw new InvalidOperationException("An increment was refused.");
    }

    public async Task<int> ReadModifyWrite()
    {
        var (version, count) = await Get();
        for (var attempt = 1; ; attempt++)
        {
            (var applied, version, count) = await Write($$""" "op":"patch","ifVersion":{{version}},"data":{"count":{{count + 1}}} """);
            if (applied) return attempt;
        }
    }

    public async Task<long> Read() => (await Get()).Count;

    private async Task<(int Version, long Count)> Get()
    {
        await conversation.Send("""{"type":"get","ref":0,"collection":"bench","record":"hot"}""");
        using var answer = JsonDocument.Parse(await conversation.Next(Record));
        return Seen(answer.RootElement.GetProperty("record"));
    }

    private async Task<(bool Applied, int Version, long Count)> Write(string write)
    {
        var number = ++_sent;
        await conversation.Send($$"""{"type":"write","ref":{{number}},"writes":[{"id":"{{name}}-{{number}}","collection":"bench","record":"hot",{{write}}}]}""");
        using var answer = JsonDocument.Parse(await conversation.Next(Results));
        var result = answer.RootElement.GetProperty("results")[0];
        if (!result.TryGetProperty("record", out var record)) throw new InvalidOperationException($"The server refuses what the bench writes: {result}");
        var (version, count) = Seen(record);
        return (result.GetProperty("outcome").GetString() is "applied" or "merged", version, count);
    }

    private static (int Version, long Count) Seen(JsonElement record) =>
        (record.GetProperty("version").GetInt32(), record.GetProperty("data").GetProperty("count").GetInt64());

    public void Dispose() => conversation.Dispose();
}
