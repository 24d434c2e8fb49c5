using System.Text.Json.Nodes;
using Microsoft.AspNetCore.SignalR;
using OrleansSync.Gateway.Tests.SignalR;

namespace OrleansSync.Gateway.Tests.Presence;

/// <summary>What sockets do, as calls and streams, over both protocols of the hub.</summary>
public abstract class PresenceOverTheHub(RunningGateway gateway, bool packed) : IDisposable
{
    private readonly string _collection = RunningGateway.NewCollection();
    private readonly CancellationTokenSource _patience = new(TimeSpan.FromSeconds(20));

    public void Dispose() => _patience.Dispose();

    [Fact]
    public async Task Another_connection_sees_an_announcement_and_that_it_went_with_its_connection()
    {
        await using var hub = await HubClient.Open(gateway, packed);
        await using var people = Watch(hub, $$"""{"collection":"{{_collection}}","record":"a"}""");
        await people.MoveNextAsync();
        Assert.Equal("""{"people":[]}""", people.Current.ToJsonString());
        var ada = await HubClient.Open(gateway, packed, client: "desk-1");

        var answer = await ada.Call("Announce", $$$"""{"collection":"{{{_collection}}}","record":"a","fields":["title"],"state":{"at":[1,2]},"seconds":300}""");
        await Until(people, "desk-1 a");
        var person = people.Current["people"]![0]!.AsObject();
        await ada.DisposeAsync();
        await Until(people, "");

        Assert.Equal("{}", answer.ToJsonString());
        Assert.Equal("""["title"]""", person["fields"]!.ToJsonString());
        Assert.Equal("""{"at":[1,2]}""", person["state"]!.ToJsonString());
        Assert.Matches(@"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{7}Z$", (string)person["until"]!);
    }

    [Fact]
    public async Task A_socket_and_the_hub_see_each_other()
    {
        await using var hub = await HubClient.Open(gateway, packed, client: "desk-1");
        await using var people = Watch(hub, $$"""{"collection":"{{_collection}}"}""");
        await using var onlooker = await Onlooker.Watch(gateway, _collection);

        await onlooker.Socket.Send(Onlooker.Announce(1, _collection, "a"));
        await Until(people, "anonymous a");
        await hub.Call("Announce", $$"""{"collection":"{{_collection}}","record":"b"}""");
        await onlooker.Until("anonymous a, desk-1 b");
        await hub.Call("Announce", $$"""{"collection":"{{_collection}}","record":"b","seconds":0}""");
        await Until(people, "anonymous a");
    }

    [Theory]
    [InlineData("""{"collection":"todos"}""", "malformed: ")]
    [InlineData("""{"collection":"todos","record":".."}""", "invalid-name: ")]
    [InlineData("""{"collection":"todos","record":"a","seconds":301}""", "malformed: ")]
    public async Task A_refused_announcement_says_code_and_detail(string request, string start)
    {
        await using var hub = await HubClient.Open(gateway, packed);

        var refused = await Assert.ThrowsAsync<HubException>(() => hub.Call("Announce", request));

        Assert.Contains($"HubException: {start}", refused.Message);
    }

    [Fact]
    public async Task A_refused_watch_says_code_and_detail()
    {
        await using var hub = await HubClient.Open(gateway, packed);
        await using var people = Watch(hub, """{"collection":"To Do"}""");

        var refused = await Assert.ThrowsAsync<HubException>(async () => await people.MoveNextAsync());

        Assert.Contains("HubException: invalid-name: ", refused.Message);
    }

    private IAsyncEnumerator<JsonObject> Watch(HubClient hub, string request) =>
        hub.Stream("Presence", request, _patience.Token).GetAsyncEnumerator(_patience.Token);

    private static async Task Until(IAsyncEnumerator<JsonObject> people, string shown)
    {
        do Assert.True(await people.MoveNextAsync());
        while (Onlooker.Shown(people.Current["people"]!.AsArray()) != shown);
    }
}

[Collection("gateway")]
public sealed class PresenceOverTheHubInJson(RunningGateway gateway) : PresenceOverTheHub(gateway, packed: false);

[Collection("gateway")]
public sealed class PresenceOverTheHubInMessagePack(RunningGateway gateway) : PresenceOverTheHub(gateway, packed: true);

[Collection("guarded gateway")]
public sealed class PresenceOverTheHubWithAToken(GuardedGateway gateway)
{
    [Fact]
    public async Task A_watch_ends_with_the_token()
    {
        await using var hub = await HubClient.Open(gateway, packed: false, GuardedGateway.TokenFor("ada", expires: DateTime.UtcNow.AddSeconds(2)));

        var ended = await Assert.ThrowsAsync<HubException>(async () =>
        {
            await foreach (var people in hub.Stream("Presence", $$"""{"collection":"{{RunningGateway.NewCollection()}}"}""", default)) _ = people;
        });

        Assert.Contains("unauthorized: ", ended.Message);
    }
}
