namespace OrleansSync.Gateway.Tests.Http;

[Collection("gateway")]
public sealed class ReadingHistory(RunningGateway gateway)
{
    private readonly string _record = $"/v1/collections/{RunningGateway.NewCollection()}/records/t1";
    private string History => _record + "/history";

    [Fact]
    public async Task It_tells_what_happened_newest_first()
    {
        await gateway.Put(_record, """{"a":1}""", null, ("Idempotency-Key", "w-1"));
        await gateway.Put(_record, """{"a":2}""", null, ("If-Match", "\"9\""));
        await gateway.Delete(_record);

        var reply = await gateway.Get(History);

        Assert.Equal(200, reply.Status);
        Assert.Equal(["delete", "put", "put"], reply.Json["entries"]!.AsArray().Select(entry => (string?)entry!["op"]));
        Assert.Equal(["applied", "rejected", "applied"], reply.Json["entries"]!.AsArray().Select(entry => (string?)entry!["outcome"]));
        Assert.Equal("w-1", (string?)reply.Json["entries"]![2]!["write"]);
    }

    [Fact]
    public async Task It_comes_in_pages()
    {
        for (var n = 1; n <= 5; n++) await gateway.Put(_record, $$"""{"n":{{n}}}""");

        var seen = new List<long>();
        for (string? after = ""; after is not null;)
        {
            var page = (await gateway.Get($"{History}?limit=2{after}")).Json;
            seen.AddRange(page["entries"]!.AsArray().Select(entry => (long)entry!["version"]!));
            after = page["next"] is { } next ? $"&after={next}" : null;
        }

        Assert.Equal([5, 4, 3, 2, 1], seen);
    }

    [Fact]
    public async Task It_shows_the_record_as_it_was()
    {
        await gateway.Put(_record, """{"a":1}""");
        await gateway.Put(_record, """{"a":2}""");
        await gateway.Delete(_record);

        var first = await gateway.Get(History + "?version=1");
        var last = await gateway.Get(History + "?version=3");

        Assert.Equal((200, "\"1\"", 1), (first.Status, first.ETag, (int)first.Json["data"]!["a"]!));
        Assert.Equal((410, "\"3\"", "gone"), (last.Status, last.ETag, last.Code));
    }

    [Theory]
    [InlineData("")]
    [InlineData("?version=1")]
    public async Task Of_nothing_there_is_none(string query) =>
        Assert.Equal((404, "not-found"), ((await gateway.Get(History + query)).Status, (await gateway.Get(History + query)).Code));

    [Fact]
    public async Task A_version_that_never_was_is_not_found()
    {
        await gateway.Put(_record, "{}");

        Assert.Equal(404, (await gateway.Get(History + "?version=2")).Status);
    }
}
