using System.Text.Json.Nodes;
using OrleansSync.Gateway.Tests.SignalR;
using OrleansSync.Gateway.Tests.Sockets;

namespace OrleansSync.Gateway.Tests.Conflicts;

/// <summary>Posts to a record's conflict; the HTTP status must be that of the result.</summary>
internal sealed class RestDoors : IConflictDoors
{
    public Task<IConflictDoor> Open(RunningGateway gateway, string? token) => Task.FromResult<IConflictDoor>(new Door(gateway, token));

    private sealed class Door(RunningGateway gateway, string? token) : IConflictDoor
    {
        public async Task<JsonObject> Ask(string op, string collection, string record, string members, string? client, string? id)
        {
            List<(string, string)> headers = [];
            if (client is not null) headers.Add(("Sync-Client", client));
            if (id is not null) headers.Add(("Idempotency-Key", id));
            var route = op == "resolve" ? "resolution" : op;
            var reply = await gateway.Post($"/v1/collections/{collection}/records/{record}/conflict/{route}", members, token, [.. headers]);

            Assert.Equal(reply.Status, (int?)reply.Json["status"] ?? 200);
            Assert.Equal((long?)reply.Json["record"]?["version"], reply.ETag is { } tag ? long.Parse(tag.Trim('"')) : null);
            return reply.Json;
        }

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}

/// <summary>Frames of one socket.</summary>
internal sealed class SocketDoors : IConflictDoors
{
    public async Task<IConflictDoor> Open(RunningGateway gateway, string? token) => new Door(await SocketClient.Greet(gateway, token));

    private sealed class Door(SocketClient socket) : IConflictDoor
    {
        private int _ref;

        public async Task<JsonObject> Ask(string op, string collection, string record, string members, string? client, string? id)
        {
            var frame = Frames.Of(collection, record, members, client, id);
            (frame["type"], frame["ref"]) = (op, ++_ref);
            var answer = await socket.Ask(frame.ToJsonString());

            Assert.Equal("result", (string?)answer["type"]);
            return answer["result"]!.AsObject();
        }

        public ValueTask DisposeAsync() => socket.DisposeAsync();
    }
}

/// <summary>Calls of one hub connection.</summary>
internal sealed class HubDoors(bool packed) : IConflictDoors
{
    public async Task<IConflictDoor> Open(RunningGateway gateway, string? token) => new Door(await HubClient.Open(gateway, packed, token));

    private sealed class Door(HubClient hub) : IConflictDoor
    {
        public async Task<JsonObject> Ask(string op, string collection, string record, string members, string? client, string? id)
        {
            var method = string.Concat(op[..1].ToUpperInvariant(), op[1..]);
            var answer = await hub.Call(method, Frames.Of(collection, record, members, client, id).ToJsonString());

            Assert.Equal(["result"], answer.Select(member => member.Key));
            return answer["result"]!.AsObject();
        }

        public ValueTask DisposeAsync() => hub.DisposeAsync();
    }
}

/// <summary>What sockets and hubs are told alike.</summary>
internal static class Frames
{
    public static JsonObject Of(string collection, string record, string members, string? client, string? id)
    {
        var frame = JsonNode.Parse(members)!.AsObject();
        (frame["collection"], frame["record"]) = (collection, record);
        if (client is not null) frame["client"] = client;
        if (id is not null) frame["id"] = id;
        return frame;
    }
}
