namespace OrleansSync.Gateway.Tests.Http;

[Collection("gateway")]
public sealed class ReadingARecord(RunningGateway gateway)
{
    private readonly string _record = $"/v1/collections/{RunningGateway.NewCollection()}/records/t1";

    [Fact]
    public async Task It_comes_with_its_version_as_tag()
    {
        await gateway.Put(_record, """{"b":1.0,"a":[ 1, 2 ]}""");

        var reply = await gateway.Get(_record);

        Assert.Equal((200, "\"1\"", "no-cache", "application/json"), (reply.Status, reply.ETag, reply.Header("Cache-Control"), reply.ContentType));
        Assert.EndsWith("""
            "data":{"b":1.0,"a":[1,2]}}
            """, reply.Text);
    }

    [Theory]
    [InlineData("\"1\"", 304)]
    [InlineData("W/\"1\"", 304)]
    [InlineData("\"5\", \"1\"", 304)]
    [InlineData("*", 304)]
    [InlineData("\"2\"", 200)]
    [InlineData("1", 200)]
    public async Task Who_has_it_already_gets_an_empty_answer(string tag, int status)
    {
        await gateway.Put(_record, "{}");

        var reply = await gateway.Get(_record, null, ("If-None-Match", tag));

        Assert.Equal((status, "\"1\""), (reply.Status, reply.ETag));
        Assert.Equal(status == 304, reply.Text.Length == 0);
    }

    [Fact]
    public async Task What_never_was_is_not_found()
    {
        var reply = await gateway.Get(_record);

        Assert.Equal((404, "not-found", "no-store"), (reply.Status, reply.Code, reply.Header("Cache-Control")));
    }

    [Fact]
    public async Task What_was_deleted_is_gone_and_shows_its_tombstone()
    {
        await gateway.Put(_record, """{"a":1}""");
        await gateway.Delete(_record);

        var reply = await gateway.Get(_record);

        Assert.Equal((410, "gone", "\"2\""), (reply.Status, reply.Code, reply.ETag));
        Assert.True((bool)reply.Json["record"]!["deleted"]!);
        Assert.Null(reply.Json["record"]!["data"]);
    }

    [Fact]
    public async Task Waiting_ends_when_the_record_moves()
    {
        await gateway.Put(_record, """{"a":1}""");

        var waiting = gateway.Get(_record + "?wait=30", null, ("If-None-Match", "\"1\""));
        await gateway.Put(_record, """{"a":2}""");
        var reply = await waiting;

        Assert.Equal((200, "\"2\""), (reply.Status, reply.ETag));
    }

    [Fact]
    public async Task Waiting_ends_when_the_record_is_deleted()
    {
        await gateway.Put(_record, """{"a":1}""");

        var waiting = gateway.Get(_record + "?wait=30", null, ("If-None-Match", "\"1\""));
        await gateway.Delete(_record);
        var reply = await waiting;

        Assert.Equal((410, "\"2\""), (reply.Status, reply.ETag));
    }

    [Fact]
    public async Task Waiting_in_vain_is_304()
    {
        await gateway.Put(_record, "{}");

        var reply = await gateway.Get(_record + "?wait=1", null, ("If-None-Match", "\"1\""));

        Assert.Equal((304, "\"1\""), (reply.Status, reply.ETag));
    }

    [Fact]
    public async Task Who_has_another_version_need_not_wait()
    {
        await gateway.Put(_record, "{}");

        Assert.Equal(200, (await gateway.Get(_record + "?wait=60", null, ("If-None-Match", "\"0\""))).Status);
        Assert.Equal(200, (await gateway.Get(_record + "?wait=60")).Status);
    }
}
