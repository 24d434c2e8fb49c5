using System.Text;
using System.Text.Json.Nodes;
using OrleansSync.Gateway.Sockets;
using OrleansSync.Gateway.Tests.Sockets;

namespace OrleansSync.Gateway.Tests.Presence;

[Collection("gateway")]
public sealed class ReadingPresenceSlowly(RunningGateway gateway)
{
    private const int Changes = 400;

    private readonly string _collection = RunningGateway.NewCollection();

    /// <summary>Promise 7: each change weighs 400 KB here, far more than all buffers between hold together.</summary>
    [Fact]
    public async Task Who_does_not_read_gets_only_the_newest_and_holds_up_nobody()
    {
        await using var stalled = await RawSocket.Open(gateway);
        await stalled.Send([.. ClientFrame.Text("""{"type":"hello","version":1}"""), .. ClientFrame.Text(Onlooker.Frame("watch", 1, _collection))]);
        await stalled.Receive();
        await stalled.Receive();
        await using var crowd = await SocketClient.Greet(gateway);
        for (var n = 1; n <= 100; n++) await crowd.Send(Onlooker.Announce(n, _collection, $"r{n}", $$""","seconds":300,"state":"{{new string('x', 4_000)}}" """));
        for (var n = 1; n <= 100; n++) await crowd.Receive("announced");
        await using var onlooker = await Onlooker.Watch(gateway, _collection, "busy");
        await using var busy = await SocketClient.Greet(gateway, client: "tab-1");

        for (var n = 1; n <= Changes; n++)
        {
            await busy.Ask(Onlooker.Announce(n, _collection, "busy", $$""","state":{{n}}"""));
            while (StateOf(await onlooker.Next()) < n)
            {
            }
        }

        var seen = new List<int>();
        while (seen.LastOrDefault() < Changes)
        {
            var frame = await stalled.Receive();
            Assert.Equal(Opcode.Text, frame!.Value.Opcode);
            seen.Add(StateOf(JsonNode.Parse(Encoding.UTF8.GetString(frame.Value.Payload))!["people"]!.AsArray()));
        }
        Assert.Equal(seen.Order(), seen);
        Assert.InRange(seen.Count(state => state > 0), 1, Changes / 4);
    }

    private static int StateOf(JsonArray people) =>
        people.FirstOrDefault(person => (string)person!["record"]! == "busy") is { } person ? (int)person["state"]! : 0;
}
