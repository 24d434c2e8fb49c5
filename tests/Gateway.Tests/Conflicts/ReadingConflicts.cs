using System.Text.Json.Nodes;

namespace OrleansSync.Gateway.Tests.Conflicts;

/// <summary>Open conflicts as REST shows them: one by one, in a list, in a record as it is and was.</summary>
[Collection("gateway")]
public sealed class ReadingConflicts(RunningGateway gateway) : IAsyncLifetime
{
    private readonly HeldRecords _held = new(gateway, RunningGateway.NewCollection());

    private string Conflicts => _held.Path + "/conflicts";

    public Task InitializeAsync() => _held.SetUp();
    public Task DisposeAsync() => Task.CompletedTask;

    [Fact]
    public async Task A_conflict_has_the_tag_of_its_record()
    {
        await _held.Disagree("a");

        var reply = await gateway.Get(_held.Record("a") + "/conflict");
        var same = await gateway.Get(_held.Record("a") + "/conflict", null, ("If-None-Match", "\"3\""));

        Assert.Equal((200, "\"3\"", "no-cache"), (reply.Status, reply.ETag, reply.Header("Cache-Control")));
        Assert.True(JsonNode.DeepEquals((await _held.Read("a"))["conflict"], reply.Json));
        Assert.Equal((304, ""), (same.Status, same.Text));
    }

    [Fact]
    public async Task Where_none_is_open_there_is_none()
    {
        await gateway.Put(_held.Record("a"), "{}");

        foreach (var id in new[] { "a", "never" })
        {
            var reply = await gateway.Get(_held.Record(id) + "/conflict");
            Assert.Equal((404, "not-found", "application/problem+json"), (reply.Status, reply.Code, reply.ContentType));
        }
    }

    [Fact]
    public async Task The_list_has_records_with_an_open_conflict_and_tombstones_too()
    {
        await gateway.Put(_held.Record("a"), "{}");
        await _held.Disagree("b");
        await _held.DisagreeOverTombstone("c");
        await _held.Disagree("d");
        await gateway.Post(_held.Record("d") + "/conflict/resolution", """{"choices":{},"expect":1}""");

        var list = (await gateway.Get(Conflicts)).Json;

        Assert.Equal(["b", "c"], Ids(list));
        Assert.All(list["records"]!.AsArray(), record => Assert.Equal(1, (int)record!["conflict"]!["revision"]!));
        Assert.True((bool)list["records"]![1]!["deleted"]!);
        Assert.Equal(["a", "b", "d"], Ids((await gateway.Get(_held.Path + "/records")).Json));
        Assert.Equal(2, (int)(await gateway.Get(_held.Path)).Json["counts"]!["conflicts"]!);
    }

    [Fact]
    public async Task The_list_is_filtered_ordered_and_paged_as_the_list_of_records()
    {
        foreach (var (id, n) in new[] { ("a", 3), ("b", 2), ("c", 1), ("d", 9) }) await _held.Disagree(id, data: $$"""{"title":"Milk","n":{{n}}}""");
        const string asked = """?filter={"n":{"lt":9}}&orderBy=n&limit=2""";

        var first = (await gateway.Get(Conflicts + asked)).Json;
        var second = (await gateway.Get($"{Conflicts}{asked}&after={Uri.EscapeDataString((string)first["next"]!)}")).Json;

        Assert.Equal(["c", "b"], Ids(first));
        Assert.Equal(["a"], Ids(second));
        Assert.Null(second["next"]);
        Assert.Equal((string?)first["cursor"], (string?)second["cursor"]);
        Assert.Equal(400, (await gateway.Get(Conflicts + "?limit=0")).Status);
        Assert.Equal(400, (await gateway.Get(Conflicts + "?filter=7")).Status);
    }

    [Fact]
    public async Task The_lists_tag_moves_with_every_claim()
    {
        await _held.Disagree("a");
        var tag = (await gateway.Get(Conflicts)).ETag!;

        var unchanged = await gateway.Get(Conflicts, null, ("If-None-Match", tag));
        await gateway.Post(_held.Record("a") + "/conflict/claim", "{}");
        var claimed = await gateway.Get(Conflicts, null, ("If-None-Match", tag));

        Assert.Equal((304, 200), (unchanged.Status, claimed.Status));
    }

    [Fact]
    public async Task The_feed_goes_on_from_the_lists_cursor()
    {
        await _held.Disagree("a");
        var cursor = (string)(await gateway.Get(Conflicts)).Json["cursor"]!;

        await gateway.Post(_held.Record("a") + "/conflict/claim", "{}");

        var changes = (await gateway.Get($"{_held.Path}/changes?since={cursor}")).Json["changes"]!.AsArray();
        Assert.Equal("anonymous", (string?)changes.Single()!["record"]!["conflict"]!["claimedBy"]);
    }

    [Fact]
    public async Task A_collection_that_does_not_exist_yet_has_none()
    {
        var reply = await gateway.Get($"/v1/collections/{RunningGateway.NewCollection()}/conflicts");

        Assert.Equal((200, 0), (reply.Status, reply.Json["records"]!.AsArray().Count));
    }

    [Fact]
    public async Task The_record_as_it_was_has_the_conflict_as_it_was()
    {
        await _held.Disagree("a");
        var then = await _held.Read("a");
        await gateway.Post(_held.Record("a") + "/conflict/claim", "{}");
        await gateway.Post(_held.Record("a") + "/conflict/resolution", """{"choices":{"title":{"value":"Tea"}},"expect":1}""");

        Assert.True(JsonNode.DeepEquals(then, (await gateway.Get(_held.Record("a") + "/history?version=3")).Json));
    }

    [Fact]
    public async Task A_claim_needs_no_body_and_a_strict_precondition_holds()
    {
        await _held.Disagree("a");
        var path = _held.Record("a") + "/conflict";

        var stale = await gateway.Send(HttpMethod.Post, path + "/claim", headers: ("If-Match", "\"2\""));
        var claimed = await gateway.Send(HttpMethod.Post, path + "/claim", headers: ("If-Match", "\"3\""));
        var released = await gateway.Send(HttpMethod.Post, path + "/release");

        Assert.Equal((412, "version-mismatch"), (stale.Status, stale.Code));
        Assert.Equal((200, "\"4\""), (claimed.Status, claimed.ETag));
        Assert.Equal((200, "\"5\""), (released.Status, released.ETag));
    }

    [Theory]
    [InlineData("/claim", "[]", "application/json", 400)]
    [InlineData("/claim", "{", "application/json", 400)]
    [InlineData("/claim", "{}", "text/plain", 415)]
    [InlineData("/release", "7", "application/json", 400)]
    [InlineData("/resolution", "", "application/json", 400)]
    [InlineData("/resolution", """{"choices":{},"expect":1}""", "text/plain", 415)]
    public async Task A_body_that_is_none_is_refused(string call, string body, string type, int status)
    {
        await _held.Disagree("a");

        var reply = await gateway.Post(_held.Record("a") + "/conflict" + call, body, null, ("Content-Type", type));

        Assert.Equal((status, "invalid"), (reply.Status, (string?)reply.Json["outcome"]));
        Assert.Equal(3, (long)(await _held.Read("a"))["version"]!);
    }

    private static IEnumerable<string> Ids(JsonObject page) => page["records"]!.AsArray().Select(record => (string)record!["id"]!);
}
