using System.Text.Json.Nodes;
using Microsoft.AspNetCore.SignalR;

namespace OrleansSync.Gateway.Tests.SignalR;

/// <summary>Everything a hub connection does, over both protocols.</summary>
public abstract class CallingTheHub(RunningGateway gateway, bool packed)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly string _collection = RunningGateway.NewCollection();

    [Fact]
    public async Task A_write_is_answered_with_results_and_can_be_got()
    {
        await using var hub = await HubClient.Open(gateway, packed, client: "desk-1");

        var answer = await hub.Call("Write", $$$"""{"writes":[{"id":"w-1","collection":"{{{_collection}}}","record":"a","op":"put","data":{"n":1}}]}""");
        var got = await hub.Call("Get", $$"""{"collection":"{{_collection}}","record":"a"}""");

        var result = answer["results"]![0]!;
        Assert.Equal(("w-1", "applied"), ((string?)result["id"], (string?)result["outcome"]));
        Assert.Equal("desk-1", (string?)result["record"]!["client"]);
        Assert.Equal("""{"n":1}""", result["record"]!["data"]!.ToJsonString());
        Assert.True(JsonNode.DeepEquals(result["record"], got["record"]));
        Assert.False(answer.ContainsKey("type"));
    }

    [Fact]
    public async Task One_bad_write_is_one_bad_result()
    {
        await using var hub = await HubClient.Open(gateway, packed);

        var answer = await hub.Call("Write",
            $$$"""{"writes":[{"collection":"{{{_collection}}}","record":"a","op":"put","data":{"n":1}},{"collection":"{{{_collection}}}","record":"b","op":"put","data":[]}]}""");

        Assert.Equal(["applied", "invalid"], answer["results"]!.AsArray().Select(result => (string)result!["outcome"]!));
        Assert.Equal("malformed", (string?)answer["results"]![1]!["code"]);
    }

    [Theory]
    [InlineData("Get", """{"collection":"nothing-here","record":"a"}""", "not-found: ")]
    [InlineData("Get", """{"collection":"todos"}""", "malformed: ")]
    [InlineData("Get", """{"collection":"To Do","record":"a"}""", "invalid-name: ")]
    [InlineData("Get", "[]", "malformed: ")]
    [InlineData("Write", "{}", "malformed: ")]
    public async Task A_refused_call_says_code_and_detail(string method, string request, string start)
    {
        await using var hub = await HubClient.Open(gateway, packed);

        var refused = await Assert.ThrowsAsync<HubException>(() => hub.Call(method, request));

        Assert.Contains($"HubException: {start}", refused.Message);
    }

    [Theory]
    [InlineData("Changes", """{"collection":"todos","filter":{"a":{"near":1}}}""", "malformed: ")]
    [InlineData("Changes", "{}", "malformed: ")]
    [InlineData("Record", """{"collection":"todos"}""", "malformed: ")]
    public async Task A_refused_stream_says_code_and_detail(string method, string request, string start)
    {
        await using var hub = await HubClient.Open(gateway, packed);

        var refused = await Assert.ThrowsAsync<HubException>(async () =>
        {
            await foreach (var page in hub.Stream(method, request, default)) _ = page;
        });

        Assert.Contains($"HubException: {start}", refused.Message);
    }

    [Fact]
    public async Task A_stream_does_not_hold_up_calls()
    {
        await using var hub = await HubClient.Open(gateway, packed);
        using var cancel = new CancellationTokenSource(Patience);
        await using var pages = hub.Stream("Changes", $$"""{"collection":"{{_collection}}"}""", cancel.Token).GetAsyncEnumerator(cancel.Token);
        await pages.MoveNextAsync();

        await hub.Call("Write", $$$"""{"writes":[{"id":"w-1","collection":"{{{_collection}}}","record":"a","op":"put","data":{"n":1}}]}""");
        await pages.MoveNextAsync();

        Assert.Equal("w-1", (string?)pages.Current["changes"]![0]!["write"]);
        Assert.False(pages.Current.ContainsKey("type"));
    }

    [Fact]
    public async Task A_record_is_shown_at_once_and_at_each_change()
    {
        await using var hub = await HubClient.Open(gateway, packed);
        using var cancel = new CancellationTokenSource(Patience);
        await using var shown = hub
            .Stream("Record", $$"""{"collection":"{{_collection}}","record":"a"}""", cancel.Token).GetAsyncEnumerator(cancel.Token);

        await shown.MoveNextAsync();
        Assert.False(shown.Current.ContainsKey("record"));
        await gateway.Put($"/v1/collections/{_collection}/records/b", """{"n":0}""");
        for (var n = 1; n <= 3; n++)
        {
            await gateway.Put($"/v1/collections/{_collection}/records/a", $$"""{"n":{{n}}}""");
            await shown.MoveNextAsync();
            Assert.Equal(n, (long)shown.Current["record"]!["version"]!);
        }
        await gateway.Delete($"/v1/collections/{_collection}/records/a");
        await shown.MoveNextAsync();
        Assert.True((bool)shown.Current["record"]!["deleted"]!);
    }

    [Fact]
    public async Task A_hundred_streams_are_the_limit_of_one_connection()
    {
        await using var hub = await HubClient.Open(gateway, packed);
        using var cancel = new CancellationTokenSource(Patience);
        var open = new List<IAsyncEnumerator<JsonObject>>();
        for (var i = 0; i < 100; i++)
        {
            var pages = hub.Stream("Changes", $$"""{"collection":"{{_collection}}"}""", cancel.Token).GetAsyncEnumerator(cancel.Token);
            Assert.True(await pages.MoveNextAsync());
            open.Add(pages);
        }

        var refused = await Assert.ThrowsAsync<HubException>(async () =>
        {
            await foreach (var page in hub.Stream("Changes", $$"""{"collection":"{{_collection}}"}""", cancel.Token)) _ = page;
        });

        Assert.Contains("rate-limited: ", refused.Message);
        await cancel.CancelAsync();
    }
}

[Collection("gateway")]
public sealed class CallingTheHubInJson(RunningGateway gateway) : CallingTheHub(gateway, packed: false);

[Collection("gateway")]
public sealed class CallingTheHubInMessagePack(RunningGateway gateway) : CallingTheHub(gateway, packed: true);
