using Microsoft.AspNetCore.SignalR;

namespace OrleansSync.Gateway.Tests.SignalR;

[Collection("guarded gateway")]
public sealed class ShowingATokenToTheHub(GuardedGateway gateway)
{
    private readonly string _collection = RunningGateway.NewCollection();

    [Fact]
    public async Task The_author_is_the_token_s()
    {
        await using var hub = await HubClient.Open(gateway, packed: false, GuardedGateway.TokenFor("ada"));

        var answer = await hub.Call("Write", $$$"""{"writes":[{"collection":"{{{_collection}}}","record":"a","op":"put","data":{"n":1}}]}""");

        Assert.Equal("ada", (string?)answer["results"]![0]!["record"]!["author"]);
    }

    [Fact]
    public async Task Without_a_token_nothing_can_be_read()
    {
        await using var hub = await HubClient.Open(gateway, packed: false);

        var refused = await Assert.ThrowsAsync<HubException>(() => hub.Call("Get", """{"collection":"todos","record":"a"}"""));

        Assert.Contains("unauthorized: ", refused.Message);
    }

    [Fact]
    public async Task A_token_in_the_address_is_one_too()
    {
        var good = await gateway.Post($"/v1/sync/negotiate?negotiateVersion=1&access_token={GuardedGateway.TokenFor("ada")}", "");
        var bad = await gateway.Post("/v1/sync/negotiate?negotiateVersion=1&access_token=nonsense", "");

        Assert.Equal((200, 401), (good.Status, bad.Status));
        Assert.Equal("unauthorized", bad.Code);
    }

    [Fact]
    public async Task A_foreign_origin_is_forbidden()
    {
        var reply = await gateway.Post("/v1/sync/negotiate?negotiateVersion=1", "", null, ("Origin", "https://evil.example"));

        Assert.Equal((403, "forbidden"), (reply.Status, reply.Code));
    }

    [Fact]
    public async Task A_bad_client_name_is_refused()
    {
        var reply = await gateway.Post("/v1/sync/negotiate?negotiateVersion=1&client=a%20b", "");

        Assert.Equal((400, "invalid-name"), (reply.Status, reply.Code));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Streams_and_calls_end_with_the_token(bool packed)
    {
        await using var hub = await HubClient.Open(gateway, packed, GuardedGateway.TokenFor("ada", expires: DateTime.UtcNow.AddSeconds(3)));

        var ended = await Assert.ThrowsAsync<HubException>(async () =>
        {
            await foreach (var page in hub.Stream("Changes", $$"""{"collection":"{{_collection}}"}""", default)) _ = page;
        });
        var refused = await Assert.ThrowsAsync<HubException>(() => hub.Call("Get", $$"""{"collection":"{{_collection}}","record":"a"}"""));

        Assert.Contains("unauthorized: ", ended.Message);
        Assert.Contains("unauthorized: ", refused.Message);
    }
}
