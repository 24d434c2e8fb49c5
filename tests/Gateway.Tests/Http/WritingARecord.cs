using System.Text.Json.Nodes;

namespace OrleansSync.Gateway.Tests.Http;

[Collection("gateway")]
public sealed class WritingARecord(RunningGateway gateway)
{
    private readonly string _record = $"/v1/collections/{RunningGateway.NewCollection()}/records/t1";
    private string Records => _record[..^"/t1".Length];

    [Fact]
    public async Task A_put_of_a_new_record_creates_it()
    {
        var reply = await gateway.Put(_record, """{"title":"Buy milk"}""");

        Assert.Equal(201, reply.Status);
        Assert.Equal("\"1\"", reply.ETag);
        Assert.Equal(_record, reply.Header("Location"));
        Assert.Equal("no-cache", reply.Header("Cache-Control"));
        Assert.Equal("applied", (string?)reply.Json["outcome"]);
        Assert.Equal("anonymous", (string?)reply.Json["record"]!["author"]);
        Assert.Equal("Buy milk", (string?)reply.Json["record"]!["data"]!["title"]);
    }

    [Fact]
    public async Task A_put_of_a_live_record_answers_200_with_the_next_version()
    {
        await gateway.Put(_record, """{"title":"a"}""");

        var reply = await gateway.Put(_record, """{"title":"b"}""");

        Assert.Equal((200, "\"2\""), (reply.Status, reply.ETag));
    }

    [Theory]
    [InlineData("application/merge-patch+json")]
    [InlineData("application/json")]
    [InlineData("Application/JSON; charset=UTF-8")]
    public async Task A_patch_changes_what_it_names(string type)
    {
        await gateway.Put(_record, """{"title":"a","done":false}""");

        var reply = await gateway.Patch(_record, """{"done":true}""", null, ("Content-Type", type));

        Assert.Equal(200, reply.Status);
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse("""{"title":"a","done":true}"""), reply.Json["record"]!["data"]));
    }

    [Fact]
    public async Task A_delete_leaves_a_tombstone_and_again_changes_nothing()
    {
        await gateway.Put(_record, "{}");

        var first = await gateway.Delete(_record);
        var second = await gateway.Delete(_record);

        Assert.Equal((200, "\"2\""), (first.Status, first.ETag));
        Assert.True((bool)first.Json["record"]!["deleted"]!);
        Assert.Equal((200, "\"2\""), (second.Status, second.ETag));
    }

    [Fact]
    public async Task A_put_over_a_tombstone_is_201()
    {
        await gateway.Put(_record, "{}");
        await gateway.Delete(_record);

        var reply = await gateway.Put(_record, "{}");

        Assert.Equal((201, "\"3\""), (reply.Status, reply.ETag));
    }

    [Fact]
    public async Task A_patch_of_nothing_is_not_found() =>
        Assert.Equal((404, "not-found"), StatusAndCode(await gateway.Patch(_record, """{"a":1}""")));

    [Fact]
    public async Task Headers_become_the_writes_members()
    {
        var reply = await gateway.Put(_record, "{}", null,
            ("Sync-Timestamp", "2020-01-01T01:00:00+01:00"), ("Sync-Client", "phone-1"), ("Idempotency-Key", "w-1"), ("Sync-Base", "0"));

        var record = reply.Json["record"]!;
        Assert.Equal("w-1", (string?)reply.Json["id"]);
        Assert.Equal("2020-01-01T00:00:00.0000000Z", (string?)record["timestamp"]);
        Assert.Equal("phone-1", (string?)record["client"]);
    }

    [Fact]
    public async Task A_resend_gets_the_first_answer_and_its_status()
    {
        await gateway.Put(_record, """{"n":1}""", null, ("Idempotency-Key", "w-1"));
        await gateway.Put(_record, """{"n":2}""");

        var again = await gateway.Put(_record, """{"n":1}""", null, ("Idempotency-Key", "w-1"));

        Assert.Equal((201, "\"1\""), (again.Status, again.ETag));
        Assert.True((bool)again.Json["replayed"]!);
    }

    [Theory]
    [InlineData("If-Match", "\"1\"", 200)]
    [InlineData("If-Match", "*", 200)]
    [InlineData("If-Match", "\"2\"", 412)]
    [InlineData("If-Match", "W/\"1\"", 412)]
    [InlineData("If-Match", "1", 412)]
    [InlineData("If-Match", "\"01\"", 412)]
    [InlineData("If-Match", "\"1\", \"2\"", 412)]
    [InlineData("If-Match", "rubbish", 412)]
    [InlineData("If-Match", "", 412)]
    [InlineData("If-None-Match", "*", 412)]
    [InlineData("If-None-Match", "\"9\"", 412)]
    [InlineData("If-None-Match", "W/\"1\"", 412)]
    public async Task A_precondition_holds_strictly(string header, string value, int status)
    {
        await gateway.Put(_record, """{"n":1}""");

        var reply = await SendWithHeader(header, value);

        Assert.Contains($"HTTP/1.1 {status} ", reply);
        Assert.Contains(status == 200 ? "ETag: \"2\"" : "ETag: \"1\"", reply);
    }

    [Fact]
    public async Task A_failed_precondition_shows_the_record_that_stands()
    {
        await gateway.Put(_record, """{"n":1}""");

        var reply = await gateway.Put(_record, """{"n":2}""", null, ("If-Match", "\"7\""));

        Assert.Equal((412, "version-mismatch"), StatusAndCode(reply));
        Assert.Equal("application/problem+json", reply.ContentType);
        Assert.Equal("rejected", (string?)reply.Json["outcome"]);
        Assert.Equal(1, (int)reply.Json["record"]!["version"]!);
        Assert.Equal("\"1\"", reply.ETag);
    }

    [Fact]
    public async Task If_none_match_star_creates_only_once()
    {
        var first = await gateway.Put(_record, "{}", null, ("If-None-Match", "*"));
        var second = await gateway.Put(_record, "{}", null, ("If-None-Match", "*"));

        Assert.Equal(201, first.Status);
        Assert.Equal((412, "exists"), StatusAndCode(second));
    }

    [Fact]
    public async Task A_post_creates_a_record_with_a_uuid()
    {
        var reply = await gateway.Post(Records, """{"a":1}""");

        Assert.Equal(201, reply.Status);
        var id = (string?)reply.Json["record"]!["id"];
        Assert.Equal(7, Guid.Parse(id!).Version);
        Assert.Equal($"{Records}/{id}", reply.Header("Location"));
        Assert.Equal(200, (await gateway.Get($"{Records}/{id}")).Status);
    }

    [Fact]
    public async Task A_post_that_is_resent_meets_the_record_it_made()
    {
        var first = await gateway.Post(Records, """{"a":1}""", null, ("Idempotency-Key", "k-1"));
        var again = await gateway.Post(Records, """{"a":1}""", null, ("Idempotency-Key", "k-1"));
        var other = await gateway.Post(Records, """{"a":1}""", null, ("Idempotency-Key", "k-2"));

        Assert.Equal((201, 201, 201), (first.Status, again.Status, other.Status));
        Assert.Equal(first.Header("Location"), again.Header("Location"));
        Assert.True((bool)again.Json["replayed"]!);
        Assert.NotEqual(first.Header("Location"), other.Header("Location"));
    }

    [Fact]
    public async Task Everybody_may_purge_while_nobody_can_show_who_they_are()
    {
        await gateway.Put(_record, """{"secret":1}""");

        Assert.Equal(200, (await gateway.Delete(_record + "?purge=true")).Status);
        Assert.Equal(400, (await gateway.Delete(_record + "?purge=perhaps")).Status);
    }

    private static (int, string?) StatusAndCode(Reply reply) => (reply.Status, reply.Code);

    private Task<string> SendWithHeader(string header, string value) => gateway.SendRaw(
        $"PUT {_record} HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Type: application/json\r\nContent-Length: 7\r\n{header}: {value}\r\n\r\n{{\"n\":2}}");
}
