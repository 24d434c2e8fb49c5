using System.Text.Json.Nodes;
using OrleansSync.Gateway.Tests.Sockets;

namespace OrleansSync.Gateway.Tests.Presence;

/// <summary>A socket that watches who is there, and reads until it sees what a test waits for.</summary>
internal sealed class Onlooker(SocketClient socket) : IAsyncDisposable
{
    public const int Ref = 77;

    /// <summary>The people of the first frame.</summary>
    public string First { get; private set; } = "";

    public SocketClient Socket => socket;

    public static async Task<Onlooker> Watch(RunningGateway gateway, string collection, string? record = null, string? token = null)
    {
        var onlooker = new Onlooker(await SocketClient.Greet(gateway, token));
        await onlooker.Socket.Send(Frame("watch", Ref, collection, record));
        onlooker.First = Shown(await onlooker.Next());
        return onlooker;
    }

    public static string Frame(string type, int number, string collection, string? record = null)
    {
        var frame = new JsonObject { ["type"] = type, ["ref"] = number, ["collection"] = collection };
        if (record is not null) frame["record"] = record;
        return frame.ToJsonString();
    }

    /// <summary>An announce frame; <paramref name="more"/> is what comes after the record, with its comma.</summary>
    public static string Announce(int number, string collection, string record, string more = "") =>
        $$"""{"type":"announce","ref":{{number}},"collection":"{{collection}}","record":"{{record}}"{{more}}}""";

    /// <summary>The people of the next presence frame.</summary>
    public async Task<JsonArray> Next()
    {
        var frame = await socket.Receive("presence");
        Assert.Equal(Ref, (int)frame["ref"]!);
        return frame["people"]!.AsArray();
    }

    /// <summary>Reads until those who are shown are these: <c>client record</c> of each, in their order, commas between.</summary>
    public async Task<JsonArray> Until(string people)
    {
        while (true)
        {
            var there = await Next();
            if (Shown(there) == people) return there;
        }
    }

    public static string Shown(JsonArray people) =>
        string.Join(", ", people.Select(person => $"{(string?)person!["client"] ?? (string)person["author"]!} {(string)person["record"]!}"));

    public ValueTask DisposeAsync() => socket.DisposeAsync();
}
