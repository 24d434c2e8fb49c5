using System.Text.Json.Nodes;

namespace OrleansSync.Gateway.Tests.Sockets;

[Collection("gateway")]
public sealed class TalkingOverASocket(RunningGateway gateway)
{
    private readonly string _collection = RunningGateway.NewCollection();

    [Theory]
    [InlineData("7")]
    [InlineData("-1")]
    [InlineData("1.50")]
    [InlineData("12345678901234567890")]
    public async Task A_ref_is_echoed_as_it_was_written(string number)
    {
        await using var socket = await SocketClient.Greet(gateway);

        await socket.Send($$"""{"type":"ping","ref":{{number}}}""");

        Assert.Equal(number, (await socket.Receive("pong"))["ref"]!.ToJsonString());
    }

    [Fact]
    public async Task Without_ref_it_is_answered_without()
    {
        await using var socket = await SocketClient.Greet(gateway);

        await socket.Send("""{"type":"ping"}""");

        Assert.False((await socket.Receive("pong")).ContainsKey("ref"));
    }

    public static TheoryData<string, string, string> Problems => new()
    {
        { "an unknown type", """{"type":"dance","ref":1}""", "malformed" },
        { "no type", """{"ref":1}""", "malformed" },
        { "a type that is no string", """{"type":7,"ref":1}""", "malformed" },
        { "write without writes", """{"type":"write","ref":1}""", "malformed" },
        { "writes that are no array", """{"type":"write","ref":1,"writes":{}}""", "malformed" },
        { "get without record", """{"type":"get","ref":1,"collection":"todos"}""", "malformed" },
        { "get with a bad collection", """{"type":"get","ref":1,"collection":"To Do","record":"a"}""", "invalid-name" },
        { "get with a bad record", """{"type":"get","ref":1,"collection":"todos","record":".."}""", "invalid-name" },
        { "get of what never was", """{"type":"get","ref":1,"collection":"nothing-here","record":"a"}""", "not-found" },
        { "subscribe without collection", """{"type":"subscribe","ref":1}""", "malformed" },
        { "subscribe with a bad filter", """{"type":"subscribe","ref":1,"collection":"todos","filter":[]}""", "malformed" },
        { "subscribe with a bad cursor", """{"type":"subscribe","ref":1,"collection":"todos","since":"a b"}""", "malformed" },
        { "unsubscribe without feed", """{"type":"unsubscribe","ref":1}""", "malformed" },
        { "unsubscribe from another feed", """{"type":"unsubscribe","ref":1,"feed":"x"}""", "not-found" },
        { "token without token", """{"type":"token","ref":1}""", "malformed" },
    };

    [Theory]
    [MemberData(nameof(Problems))]
    public async Task A_failure_is_a_problem_and_the_socket_goes_on(string why, string frame, string code)
    {
        _ = why;
        await using var socket = await SocketClient.Greet(gateway);

        var problem = await socket.Ask(frame);

        Assert.Equal(("problem", code), ((string?)problem["type"], (string?)problem["code"]));
        Assert.NotEmpty((string)problem["detail"]!);
        Assert.Equal("pong", (string?)(await socket.Ask("""{"type":"ping","ref":2}"""))["type"]);
    }

    [Fact]
    public async Task A_ref_that_is_no_number_is_malformed()
    {
        await using var socket = await SocketClient.Greet(gateway);

        await socket.Send("""{"type":"ping","ref":"a"}""");

        var problem = await socket.Receive("problem");
        Assert.Equal("malformed", (string?)problem["code"]);
        Assert.False(problem.ContainsKey("ref"));
    }

    [Fact]
    public async Task Too_many_writes_in_a_frame_are_too_large()
    {
        await using var socket = await SocketClient.Greet(gateway);
        var writes = string.Join(',', Enumerable.Repeat("{}", 501));

        var problem = await socket.Ask($$"""{"type":"write","ref":1,"writes":[{{writes}}]}""");

        Assert.Equal("too-large", (string?)problem["code"]);
    }

    [Fact]
    public async Task A_write_is_answered_and_can_be_got()
    {
        await using var socket = await SocketClient.Greet(gateway, client: "tab-1");

        var results = await socket.Ask($$"""{"type":"write","ref":1,"writes":[{{Put("a", 1, "w-1")}}]}""");
        var record = await socket.Ask($$"""{"type":"get","ref":2,"collection":"{{_collection}}","record":"a"}""");

        var result = results["results"]![0]!;
        Assert.Equal(("w-1", "applied"), ((string?)result["id"], (string?)result["outcome"]));
        Assert.Equal("tab-1", (string?)result["record"]!["client"]);
        Assert.True(JsonNode.DeepEquals(result["record"], record["record"]));
    }

    [Fact]
    public async Task One_bad_write_is_one_bad_result()
    {
        await using var socket = await SocketClient.Greet(gateway);

        var results = await socket.Ask(
            $$"""{"type":"write","ref":1,"writes":[{{Put("a", 1)}},{"collection":"{{_collection}}","record":"b","op":"put","data":[]},{{Put("c", 1)}}]}""");

        Assert.Equal(["applied", "invalid", "applied"], results["results"]!.AsArray().Select(result => (string)result!["outcome"]!));
        Assert.Equal((400, "malformed"), ((int)results["results"]![1]!["status"]!, (string)results["results"]![1]!["code"]!));
    }

    [Fact]
    public async Task A_tombstone_is_got_as_a_record()
    {
        await using var socket = await SocketClient.Greet(gateway);
        await socket.Ask($$"""{"type":"write","ref":1,"writes":[{{Put("a", 1)}},{"collection":"{{_collection}}","record":"a","op":"delete"}]}""");

        var record = await socket.Ask($$"""{"type":"get","ref":2,"collection":"{{_collection}}","record":"a"}""");

        Assert.True((bool)record["record"]!["deleted"]!);
    }

    [Fact]
    public async Task Writes_to_one_record_are_done_in_the_order_they_were_sent()
    {
        await using var socket = await SocketClient.Greet(gateway);

        for (var i = 1; i <= 200; i++) await socket.Send($$"""{"type":"write","ref":{{i}},"writes":[{{Put("a", i)}}]}""");
        var versions = new Dictionary<int, int>();
        while (versions.Count < 200)
        {
            var answer = await socket.Receive("results");
            versions.Add((int)answer["ref"]!, (int)answer["results"]![0]!["record"]!["version"]!);
        }

        Assert.Equal(Enumerable.Range(1, 200), versions.OrderBy(pair => pair.Key).Select(pair => pair.Value));
    }

    [Fact]
    public async Task Far_more_writes_than_may_be_in_flight_are_all_answered()
    {
        await using var socket = await SocketClient.Greet(gateway);

        var sending = Task.Run(async () =>
        {
            for (var i = 1; i <= 5_000; i++) await socket.Send($$"""{"type":"write","ref":{{i}},"writes":[{{Put($"r{i % 500}", i)}}]}""");
        });
        var answered = new HashSet<int>();
        while (answered.Count < 5_000) answered.Add((int)(await socket.Receive("results"))["ref"]!);
        await sending;

        Assert.Equal(5_000, answered.Count);
    }

    [Fact]
    public async Task A_subscription_sends_a_page_at_once_and_one_for_each_change()
    {
        await using var socket = await SocketClient.Greet(gateway);

        var subscribed = await socket.Ask($$"""{"type":"subscribe","ref":1,"collection":"{{_collection}}"}""");
        var first = await socket.Receive("changes");
        await gateway.Put($"/v1/collections/{_collection}/records/a", """{"n":1}""");
        var second = await socket.Receive("changes");

        Assert.Equal("subscribed", (string?)subscribed["type"]);
        Assert.Equal((string?)subscribed["feed"], (string?)first["feed"]);
        Assert.Empty(first["changes"]!.AsArray());
        Assert.True((bool)first["upToDate"]!);
        Assert.Equal((string?)first["cursor"], (string?)second["since"]);
        Assert.Equal("a", (string?)second["changes"]![0]!["record"]!["id"]);
    }

    [Fact]
    public async Task Subscribing_twice_to_one_feed_says_that_it_exists()
    {
        await using var socket = await SocketClient.Greet(gateway);
        await socket.Ask($$"""{"type":"subscribe","ref":1,"collection":"{{_collection}}"}""");

        var problem = await socket.Ask($$"""{"type":"subscribe","ref":2,"collection":"{{_collection}}","since":"now"}""");
        var other = await socket.Ask($$$"""{"type":"subscribe","ref":3,"collection":"{{{_collection}}}","filter":{"n":1}}""");

        Assert.Equal("exists", (string?)problem["code"]);
        Assert.Equal("subscribed", (string?)other["type"]);
    }

    [Fact]
    public async Task Nothing_of_a_feed_comes_after_it_was_unsubscribed()
    {
        await using var socket = await SocketClient.Greet(gateway);
        var feed = (string)(await socket.Ask($$"""{"type":"subscribe","ref":1,"collection":"{{_collection}}"}"""))["feed"]!;

        var answer = await socket.Ask($$"""{"type":"unsubscribe","ref":2,"feed":"{{feed}}"}""");
        await gateway.Put($"/v1/collections/{_collection}/records/a", """{"n":1}""");
        await socket.Send("""{"type":"ping","ref":3}""");
        var next = await socket.Receive();
        var again = await socket.Ask($$"""{"type":"subscribe","ref":4,"collection":"{{_collection}}"}""");

        Assert.Equal("unsubscribed", (string?)answer["type"]);
        Assert.Equal("pong", (string?)next!["type"]);
        Assert.Equal("subscribed", (string?)again["type"]);
    }

    [Fact]
    public async Task A_hundred_subscriptions_are_the_limit_of_one_socket()
    {
        await using var socket = await SocketClient.Greet(gateway);
        var answers = new List<JsonObject>();

        for (var i = 1; i <= 101; i++)
            answers.Add(await socket.Ask($$$"""{"type":"subscribe","ref":{{{i}}},"collection":"{{{_collection}}}","filter":{"n":{{{i}}}}}"""));

        Assert.All(answers[..100], answer => Assert.Equal("subscribed", (string?)answer["type"]));
        Assert.Equal("rate-limited", (string?)answers[100]["code"]);
    }

    private string Put(string record, int n, string? id = null) =>
        $$$"""{{{{(id is null ? "" : $"\"id\":\"{id}\",")}}}"collection":"{{{_collection}}}","record":"{{{record}}}","op":"put","data":{"n":{{{n}}}}}""";
}
