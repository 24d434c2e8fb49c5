using System.Text.Json;

namespace OrleansSync.Load.Peers;

/// <summary>Adds with json0's <c>na</c>, and replaces a number with <c>od</c> and <c>oi</c>: a stale one is transformed, not refused.</summary>
internal sealed class ShareDbEditor(Conversation conversation) : IEditor
{
    private static readonly byte[] Fetched = "\"a\":\"f\""u8.ToArray();
    private int _sent;

    public static async Task<ShareDbEditor> Connect(int port)
    {
        var conversation = await Conversation.Open(port, "/");
        await conversation.Send("""{"a":"hs","id":null,"protocol":1,"protocolMinor":2}""");
        await conversation.Next("\"a\":\"hs\""u8.ToArray());
        return new(conversation);
    }

    public async Task<int> Increment()
    {
        await Submit("""{"p":["count"],"na":1}""", "");
        return 1;
    }

    public async Task<int> ReadModifyWrite()
    {
        var (version, count) = await Fetch();
        await Submit($$"""{"p":["count"],"od":{{count}},"oi":{{count + 1}}}""", $"\"v\":{version},");
        return 1;
    }

    public async Task<long> Read() => (await Fetch()).Count;

    private async Task<(int Version, long Count)> Fetch()
    {
        await conversation.Send("""{"a":"f","c":"bench","d":"hot"}""");
        using var answer = JsonDocument.Parse(await conversation.Next(Fetched));
        var document = answer.RootElement.GetProperty("data");
        return (document.GetProperty("v").GetInt32(), document.GetProperty("data").GetProperty("count").GetInt64());
    }

    private async Task Submit(string component, string version)
    {
        await conversation.Send($$"""{"c":"bench","a":"op","d":"hot",{{version}}"seq":{{++_sent}},"x":{},"op":[{{component}}]}""");
        using var answer = JsonDocument.Parse(await conversation.Next(ShareDbDialect.Acknowledgement));
        if (answer.RootElement.TryGetProperty("error", out var error)) throw new InvalidOperationException($"ShareDB refused an operation: {error}");
    }

    public void Dispose() => conversation.Dispose();
}
