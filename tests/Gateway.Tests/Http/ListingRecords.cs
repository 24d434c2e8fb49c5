using System.Text.Json.Nodes;

namespace OrleansSync.Gateway.Tests.Http;

[Collection("gateway")]
public sealed class ListingRecords(RunningGateway gateway)
{
    private readonly string _records = $"/v1/collections/{RunningGateway.NewCollection()}/records";

    [Fact]
    public async Task A_collection_that_does_not_exist_yet_is_empty_and_its_cursor_good()
    {
        var reply = await gateway.Get(_records);

        Assert.Equal(200, reply.Status);
        Assert.Empty(reply.Json["records"]!.AsArray());
        Assert.Matches("^[A-Za-z0-9._~-]{1,200}$", (string)reply.Json["cursor"]!);
    }

    [Fact]
    public async Task Live_records_come_by_id()
    {
        await Fill();
        await gateway.Delete(_records + "/b");

        Assert.Equal(["a", "c", "d"], Ids((await gateway.Get(_records)).Json));
    }

    [Fact]
    public async Task A_filter_and_an_order_hold()
    {
        await Fill();

        var reply = await gateway.Get(_records + """?filter={"n":{"gte":2}}&orderBy=-n""");

        Assert.Equal(["d", "c", "b"], Ids(reply.Json));
    }

    [Fact]
    public async Task Pages_follow_each_other_under_one_cursor()
    {
        await Fill();
        var first = (await gateway.Get(_records + "?limit=3")).Json;
        await gateway.Put(_records + "/e", "{}");

        var second = (await gateway.Get($"{_records}?limit=3&after={Uri.EscapeDataString((string)first["next"]!)}")).Json;

        Assert.Equal(["a", "b", "c"], Ids(first));
        Assert.Equal(["d", "e"], Ids(second));
        Assert.Null(second["next"]);
        Assert.Equal((string?)first["cursor"], (string?)second["cursor"]);
    }

    [Fact]
    public async Task A_next_that_was_tampered_with_is_malformed()
    {
        await Fill();
        var next = (string)(await gateway.Get(_records + "?limit=1")).Json["next"]!;

        foreach (var after in new[] { next + "!", next[..^1], next[(next.IndexOf(':') + 1)..], next[..(next.IndexOf(':') + 1)], "x:" + next })
        {
            var reply = await gateway.Get($"{_records}?limit=1&orderBy=-n&after={Uri.EscapeDataString(after)}");

            Assert.Equal((400, "malformed"), (reply.Status, reply.Code));
        }
    }

    [Fact]
    public async Task The_tag_moves_with_the_records_shown_and_only_with_them()
    {
        await Fill();
        var shown = _records + """?filter={"n":1}""";
        var tag = (await gateway.Get(shown)).ETag!;

        await gateway.Put(_records + "/d", """{"n":5}""");
        var same = await gateway.Get(shown, null, ("If-None-Match", tag));
        await gateway.Put(_records + "/a", """{"n":1,"x":true}""");
        var moved = await gateway.Get(shown, null, ("If-None-Match", tag));

        Assert.Equal((304, "", tag, "no-cache"), (same.Status, same.Text, same.ETag, same.Header("Cache-Control")));
        Assert.Equal(200, moved.Status);
        Assert.NotEqual(tag, moved.ETag);
    }

    [Fact]
    public async Task Who_reads_the_feed_from_the_cursor_misses_nothing()
    {
        await Fill();
        var filter = """filter={"n":{"gte":2}}""";
        var cursor = (string)(await gateway.Get($"{_records}?{filter}")).Json["cursor"]!;
        await gateway.Put(_records + "/a", """{"n":7}""");

        var page = await gateway.Get($"{_records[..^"records".Length]}changes?since={cursor}&{filter}");

        Assert.Equal(200, page.Status);
        Assert.Null(page.Json["reset"]);
        Assert.Equal(cursor, (string?)page.Json["since"]);
        Assert.Equal(["a"], page.Json["changes"]!.AsArray().Select(change => (string?)change!["record"]!["id"]));
    }

    private async Task Fill()
    {
        foreach (var (id, n) in new[] { ("c", 3), ("a", 1), ("d", 4), ("b", 2) })
            await gateway.Put($"{_records}/{id}", $$"""{"n":{{n}}}""");
    }

    private static IEnumerable<string?> Ids(JsonObject page) => page["records"]!.AsArray().Select(record => (string?)record!["id"]);
}
