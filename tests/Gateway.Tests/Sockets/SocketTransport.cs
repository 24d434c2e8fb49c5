using System.Text.Json.Nodes;
using OrleansSync.Gateway.Tests.Feeds;

namespace OrleansSync.Gateway.Tests.Sockets;

/// <summary>A subscription over the plain socket.</summary>
internal sealed class SocketTransport : ITransport
{
    public async Task<IPageReader> Open(
        RunningGateway gateway, string collection, string? since, string? filter, int? limit, string? token)
    {
        var socket = await SocketClient.Greet(gateway, token);
        var subscribe = new JsonObject { ["type"] = "subscribe", ["ref"] = 1, ["collection"] = collection };
        if (since is not null) subscribe["since"] = since;
        if (filter is not null) subscribe["filter"] = JsonNode.Parse(filter);
        var answer = await socket.Ask(subscribe.ToJsonString());
        if ((string?)answer["type"] == "problem") throw new FeedEnded((string)answer["code"]!);
        return new Reader(socket);
    }

    private sealed class Reader(SocketClient socket) : IPageReader
    {
        public async Task<Page> Next(CancellationToken cancel)
        {
            while (await socket.Receive() is { } frame)
            {
                if ((string?)frame["type"] == "changes") return Page.Of(frame);
                if ((string?)frame["type"] == "problem") throw new FeedEnded((string)frame["code"]!);
            }
            throw new EndOfStreamException();
        }

        public ValueTask DisposeAsync() => socket.DisposeAsync();
    }
}

[Collection("gateway")]
public sealed class FollowingOverASocket(RunningGateway gateway) : TransportContract(gateway)
{
    protected override ITransport Transport { get; } = new SocketTransport();

    protected override int MostOf(int limit) => 1000;
}

[Collection("gateway")]
public sealed class FollowingPartitionsOverASocket(RunningGateway gateway) : PartitionedContract(gateway)
{
    protected override ITransport Transport { get; } = new SocketTransport();
}
