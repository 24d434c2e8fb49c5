using OrleansSync.Gateway.Tests.Sockets;

namespace OrleansSync.Gateway.Tests.Presence;

[Collection("guarded gateway")]
public sealed class WhoMayKnowWhoIsThere(GuardedGateway gateway)
{
    private readonly string _collection = RunningGateway.NewCollection();
    private readonly string _admin = GuardedGateway.TokenFor("root", ["admin"]);
    private readonly string _ada = GuardedGateway.TokenFor("ada");
    private readonly string _bob = GuardedGateway.TokenFor("bob");

    private string Address => $"/v1/collections/{_collection}";

    [Fact]
    public async Task Without_the_right_to_read_one_neither_announces_nor_watches()
    {
        await gateway.Put(Address, """{"access":{"read":["user:ada"]}}""", _admin);
        await using var nobody = await SocketClient.Greet(gateway);
        await using var bob = await SocketClient.Greet(gateway, _bob);

        Assert.Equal(["unauthorized", "unauthorized", "unauthorized"], await Codes(nobody));
        Assert.Equal(["forbidden", "forbidden", "forbidden"], await Codes(bob));
    }

    [Fact]
    public async Task The_author_is_the_token_s()
    {
        await using var ada = await SocketClient.Greet(gateway, _ada, "tab-1");
        await ada.Ask(Onlooker.Announce(1, _collection, "a"));

        var presence = await ada.Ask(Onlooker.Frame("watch", 2, _collection));

        Assert.Equal("ada", (string?)presence["people"]![0]!["author"]);
    }

    [Fact]
    public async Task Where_records_have_owners_one_knows_of_one_s_own_only()
    {
        await gateway.Put(Address, """{"access":{"owner":"ownerId"}}""", _admin);
        await gateway.Put(Address + "/records/a", """{"ownerId":"ada"}""", _ada);
        await using var ada = await SocketClient.Greet(gateway, _ada, "ada-1");
        await using var bob = await SocketClient.Greet(gateway, _bob);
        await using var admin = await Onlooker.Watch(gateway, _collection, token: _admin);

        Assert.Equal(["announced", "presence", "forbidden"], await Codes(ada));
        Assert.Equal(["not-found", "not-found", "forbidden"], await Codes(bob));
        await admin.Until("ada-1 a");
    }

    [Fact]
    public async Task A_watch_whose_right_ends_says_so_and_shows_nothing_more()
    {
        await gateway.Put(Address, "{}", _admin);
        await using var onlooker = await Onlooker.Watch(gateway, _collection, token: _bob);
        await using var ada = await SocketClient.Greet(gateway, _ada, "tab-1");

        await gateway.Put(Address, """{"access":{"read":["user:ada"]}}""", _admin);
        await ada.Ask(Onlooker.Announce(1, _collection, "a"));
        var next = await onlooker.Socket.Receive();
        var unwatch = await onlooker.Socket.Ask(Onlooker.Frame("unwatch", 3, _collection));

        Assert.Equal(("problem", "forbidden", Onlooker.Ref), ((string?)next!["type"], (string?)next["code"], (int)next["ref"]!));
        Assert.Equal("not-found", (string?)unwatch["code"]);
    }

    [Fact]
    public async Task A_quiet_watch_whose_record_becomes_another_s_ends()
    {
        await gateway.Put(Address, """{"access":{"owner":"ownerId"}}""", _admin);
        await gateway.Put(Address + "/records/a", """{"ownerId":"bob"}""", _bob);
        await using var onlooker = await Onlooker.Watch(gateway, _collection, "a", _bob);

        await gateway.Put(Address + "/records/a", """{"ownerId":"ada"}""", _admin);

        Assert.Equal("not-found", (string?)(await onlooker.Socket.Receive("problem"))["code"]);
    }

    [Fact]
    public async Task A_newer_token_decides_from_then_on()
    {
        await gateway.Put(Address, """{"access":{"read":["user:ada","editors"]}}""", _admin);
        await using var onlooker = await Onlooker.Watch(gateway, _collection, token: GuardedGateway.TokenFor("bob", ["editors"]));

        await onlooker.Socket.Ask($$"""{"type":"token","ref":5,"token":"{{_bob}}"}""");

        Assert.Equal("forbidden", (string?)(await onlooker.Socket.Receive("problem"))["code"]);
    }

    [Fact]
    public async Task What_one_may_no_longer_know_one_may_still_take_back()
    {
        await gateway.Put(Address, "{}", _admin);
        await using var onlooker = await Onlooker.Watch(gateway, _collection, token: _admin);
        await using var bob = await SocketClient.Greet(gateway, _bob, "tab-1");
        await bob.Ask(Onlooker.Announce(1, _collection, "a"));
        await onlooker.Until("tab-1 a");

        await gateway.Put(Address, """{"access":{"read":["user:ada"]}}""", _admin);
        var renewed = await bob.Ask(Onlooker.Announce(2, _collection, "a"));
        var ended = await bob.Ask(Onlooker.Announce(3, _collection, "a", ""","seconds":0"""));

        Assert.Equal(("forbidden", "announced"), ((string?)renewed["code"], (string?)ended["type"]));
        await onlooker.Until("");
    }

    /// <summary>What announcing the record a, watching it, and watching everybody is answered with.</summary>
    private async Task<string[]> Codes(SocketClient socket)
    {
        string[] frames = [Onlooker.Announce(1, _collection, "a"), Onlooker.Frame("watch", 2, _collection, "a"), Onlooker.Frame("watch", 3, _collection)];
        var codes = new List<string>();
        foreach (var frame in frames)
        {
            var answer = await socket.Ask(frame);
            codes.Add((string)(answer["code"] ?? answer["type"])!);
        }
        return [.. codes];
    }
}
