using System.Text.Json.Nodes;
using OrleansSync.Gateway.Tests.SignalR;
using OrleansSync.Gateway.Tests.Sockets;

namespace OrleansSync.Gateway.Tests.Conflicts;

/// <summary>Conflicts reach subscribers as versions of their records.</summary>
[Collection("gateway")]
public sealed class FollowingConflicts(RunningGateway gateway) : IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly string _collection = RunningGateway.NewCollection();
    private HeldRecords _held = null!;

    public Task InitializeAsync() => (_held = new(gateway, _collection)).SetUp();
    public Task DisposeAsync() => Task.CompletedTask;

    [Fact]
    public async Task Every_step_is_a_change_in_order()
    {
        var start = (string)(await gateway.Get($"{_held.Path}/changes?since=now")).Json["cursor"]!;
        await using var socket = await SocketClient.Greet(gateway);
        await socket.Ask($$"""{"type":"subscribe","ref":1,"collection":"{{_collection}}","since":"{{start}}"}""");

        await _held.Disagree("a");
        await gateway.Post(_held.Record("a") + "/conflict/claim", "{}");
        await gateway.Post(_held.Record("a") + "/conflict/release", "{}");
        await gateway.Post(_held.Record("a") + "/conflict/resolution", """{"choices":{},"expect":1}""", null, ("Idempotency-Key", "r-1"));

        var seen = new List<JsonObject>();
        while (seen.Count < 6) seen.AddRange((await socket.Receive("changes"))["changes"]!.AsArray().Select(change => change!.AsObject()));
        Assert.Equal([1, 2, 3, 4, 5, 6], seen.Select(change => (long)change["record"]!["version"]!));
        Assert.Equal([false, false, true, true, true, false], seen.Select(change => change["record"]!["conflict"] is not null));
        Assert.Equal("r-1", (string?)seen[^1]["write"]);
    }

    [Fact]
    public async Task Who_reads_from_the_beginning_is_sent_tombstones_with_a_conflict()
    {
        await _held.DisagreeOverTombstone("held");
        await _held.Disagree("live");

        var changes = (await gateway.Get(_held.Path + "/changes")).Json["changes"]!.AsArray();

        var last = changes.GroupBy(change => (string)change!["record"]!["id"]!).Select(of => of.Last()!).ToArray();
        Assert.Equal(["delete held", "upsert live"], last.Select(change => $"{change["type"]} {change["record"]!["id"]}"));
        Assert.All(last, change => Assert.NotNull(change["record"]!["conflict"]));
    }

    [Fact]
    public async Task A_filtered_feed_shows_the_conflicts_of_what_it_shows()
    {
        await _held.Disagree("a", data: """{"title":"Milk","mine":true}""");
        await _held.Disagree("b", data: """{"title":"Milk","mine":false}""");
        await _held.DisagreeOverTombstone("c", data: """{"title":"Milk","mine":true}""");
        await _held.DisagreeOverTombstone("d", data: """{"title":"Milk","mine":false}""");
        var feed = _held.Path + """/changes?filter={"mine":true}""";
        var start = (string)(await gateway.Get(feed + "&since=now")).Json["cursor"]!;

        foreach (var id in new[] { "a", "b", "c", "d" }) await gateway.Post(_held.Record(id) + "/conflict/claim", "{}");

        var changes = (await gateway.Get($"{feed}&since={start}")).Json["changes"]!.AsArray();
        Assert.Equal(["upsert a", "delete c"], changes.Select(change => $"{change!["type"]} {change["record"]!["id"]}"));
    }

    [Fact]
    public async Task Who_waits_for_a_tombstone_sees_what_happens_to_its_conflict()
    {
        await _held.DisagreeOverTombstone("a");

        var waiting = gateway.Get(_held.Record("a") + "?wait=20", null, ("If-None-Match", "\"3\""));
        await gateway.Post(_held.Record("a") + "/conflict/claim", "{}");
        var reply = await waiting.WaitAsync(Patience);

        Assert.Equal((410, "\"4\""), (reply.Status, reply.ETag));
        Assert.Equal("anonymous", (string?)reply.Json["record"]!["conflict"]!["claimedBy"]);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_hub_that_watches_a_record_is_shown_each_step(bool packed)
    {
        await _held.DisagreeOverTombstone("a");
        await using var hub = await HubClient.Open(gateway, packed);
        using var cancel = new CancellationTokenSource(Patience);
        await using var shown = hub
            .Stream("Record", $$"""{"collection":"{{_collection}}","record":"a"}""", cancel.Token).GetAsyncEnumerator(cancel.Token);
        await shown.MoveNextAsync();

        await gateway.Post(_held.Record("a") + "/conflict/claim", "{}");
        await shown.MoveNextAsync();
        Assert.Equal("anonymous", (string?)shown.Current["record"]!["conflict"]!["claimedBy"]);

        await gateway.Post(_held.Record("a") + "/conflict/resolution", """{"choices":{},"expect":1}""");
        await shown.MoveNextAsync();
        Assert.Equal((5, true), ((long)shown.Current["record"]!["version"]!, (bool)shown.Current["record"]!["deleted"]!));
        Assert.Null(shown.Current["record"]!["conflict"]);
    }

    [Fact]
    public async Task What_a_socket_asks_of_a_record_is_done_in_order()
    {
        await using var socket = await SocketClient.Greet(gateway, client: "bob-1");
        string Of(string type, int number, string rest) => $$"""{"type":"{{type}}","ref":{{number}},"collection":"{{_collection}}","record":"a"{{rest}}}""";
        string Write(int number, string rest) => $$$"""{"type":"write","ref":{{{number}}},"writes":[{"collection":"{{{_collection}}}","record":"a",{{{rest}}}}]}""";

        string[] frames =
        [
            Write(1, """
                "op":"put","data":{"title":"Milk"}
                """),
            Write(2, """
                "op":"patch","data":{"title":"Buy milk"},"base":1,"client":"ada-1"
                """),
            Write(3, """
                "op":"patch","data":{"title":"Oat milk"},"base":1
                """),
            Of("claim", 4, ""),
            Of("resolve", 5, ""","choices":{"title":{"take":"candidate","candidate":1}},"expect":1"""),
            Of("claim", 6, ""),
            Of("bogus", 7, ""),
        ];
        foreach (var frame in frames) await socket.Send(frame);

        var answers = new Dictionary<int, JsonObject>();
        while (answers.Count < frames.Length)
            if (await socket.Receive() is { } answer && answer["ref"] is { } number) answers[(int)number] = answer;
        Assert.Equal(
            [(1, "applied"), (2, "applied"), (3, "held"), (4, "applied"), (5, "applied"), (6, "rejected")],
            answers.Where(answer => answer.Key < 7).OrderBy(answer => answer.Key)
                .Select(answer => (answer.Key, (string)(answer.Value["result"] ?? answer.Value["results"]![0])!["outcome"]!)));
        Assert.Equal((5, "Oat milk", "bob-1"), (
            (int)answers[5]["result"]!["record"]!["version"]!,
            (string?)answers[5]["result"]!["record"]!["data"]!["title"],
            (string?)answers[5]["result"]!["record"]!["client"]));
        Assert.Equal("problem", (string?)answers[7]["type"]);
    }
}
