using System.Text;

namespace OrleansSync.Gateway.Tests.Http;

[Collection("gateway")]
public sealed class RefusingARequest(RunningGateway gateway)
{
    private readonly string _collection = $"/v1/collections/{RunningGateway.NewCollection()}";
    private string Record => _collection + "/records/t1";

    public static readonly TheoryData<string, string, int> HostileBodies = new()
    {
        { "", "malformed", 400 },
        { " ", "malformed", 400 },
        { "null", "malformed", 400 },
        { "[]", "malformed", 400 },
        { "\"x\"", "malformed", 400 },
        { "1", "malformed", 400 },
        { "{", "malformed", 400 },
        { "{}{}", "malformed", 400 },
        { "{} x", "malformed", 400 },
        { "{\"a\":1,}", "malformed", 400 },
        { "{'a':1}", "malformed", 400 },
        { "{\"a\":1,\"a\":2}", "malformed", 400 },
        { "{\"a\":1,\"\\u0061\":2}", "malformed", 400 },
        { "{\"\":1}", "malformed", 400 },
        { "{\"a\":\"\\ud800\"}", "malformed", 400 },
        { "{\"\\udc00\":1}", "malformed", 400 },
        { "{\"a\":\"\\u0000\"}", "malformed", 400 },
        { "{\"a\":1e309}", "malformed", 400 },
        { "{\"a\":NaN}", "malformed", 400 },
        { "{\"a\":01}", "malformed", 400 },
        { "{\"a\":" + new string('1', 65) + "}", "malformed", 400 },
        { "{\"$a\":1}", "malformed", 400 },
        { "{\"a\":{\"$increment\":1}}", "malformed", 400 },
        { "\ufeff{}", "malformed", 400 },
        { "// x\n{}", "malformed", 400 },
        { string.Concat(Enumerable.Repeat("{\"a\":", 33)) + "1" + new string('}', 33), "too-deep", 400 },
        { "{\"a\":" + new string('[', 100_000), "too-deep", 400 },
        { "{\"a\":\"" + new string('x', 256 * 1024) + "\"}", "too-large", 413 },
    };

    [Theory]
    [MemberData(nameof(HostileBodies))]
    public async Task A_hostile_body_gets_its_code(string body, string code, int status)
    {
        var reply = await gateway.Put(Record, body);

        Assert.Equal((status, code), (reply.Status, reply.Code));
        Assert.Equal("application/problem+json", reply.ContentType);
        Assert.Equal("invalid", (string?)reply.Json["outcome"]);
        Assert.Equal(404, (await gateway.Get(Record)).Status);
    }

    [Fact]
    public async Task Bytes_that_are_no_utf8_are_malformed() => Assert.Contains("\"malformed\"", await gateway.SendRaw(
        $"PUT {Record} HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Type: application/json\r\nContent-Length: 9\r\n\r\n{{\"a\":\"\xff\"}}"));

    [Theory]
    [InlineData("{\"__proto__\":{\"a\":1},\"constructor\":2}")]
    [InlineData("{\"a\":null}")]
    [InlineData("{\"n\":1e308,\"m\":-0.0}")]
    public async Task What_only_looks_odd_is_kept(string body)
    {
        await gateway.Put(Record, body);

        Assert.Contains($"\"data\":{body}", (await gateway.Get(Record)).Text);
    }

    [Theory]
    [InlineData("PUT", "text/plain", 415)]
    [InlineData("PUT", "application/merge-patch+json", 415)]
    [InlineData("PUT", "application/json; charset=latin1", 415)]
    [InlineData("PUT", "", 415)]
    [InlineData("PATCH", "text/json", 415)]
    [InlineData("PATCH", "application/json-patch+json", 415)]
    public async Task Another_media_type_is_unsupported(string method, string type, int status)
    {
        var reply = await gateway.Send(new(method), Record, "{}", null, ("Content-Type", type));

        Assert.Equal((status, "unsupported-media-type"), (reply.Status, reply.Code));
    }

    [Theory]
    [InlineData("Sync-Base", "x", "malformed")]
    [InlineData("Sync-Base", "-1", "malformed")]
    [InlineData("Sync-Base", "99999999999999999999", "malformed")]
    [InlineData("Sync-Timestamp", "yesterday", "malformed")]
    [InlineData("Sync-Timestamp", "2020-01-01", "malformed")]
    [InlineData("Sync-Timestamp", "9999-01-01T00:00:00Z", "clock-ahead")]
    [InlineData("Sync-Client", "a b", "invalid-name")]
    [InlineData("Idempotency-Key", "a/b", "invalid-name")]
    public async Task A_header_that_means_nothing_is_refused(string header, string value, string code)
    {
        var reply = await gateway.Put(Record, "{}", null, (header, value));

        Assert.Equal((400, code), (reply.Status, reply.Code));
    }

    [Theory]
    [InlineData("/v1/collections/Todos/records/t1")]
    [InlineData("/v1/collections/1todos/records/t1")]
    [InlineData("/v1/collections/%ff/records/t1")]
    [InlineData("/v1/collections/todos/records/%ff")]
    [InlineData("/v1/collections/todos/records/a%2Fb")]
    [InlineData("/v1/collections/todos/records/a%20b")]
    [InlineData("/v1/collections/todos/records/%00")]
    [InlineData("/v1/collections/todos/records/..")]
    [InlineData("/v1/collections/todos/records/.")]
    [InlineData("/v1/collections/todos/records/%2E%2e")]
    [InlineData("/v1/collections/todos/records/.%2e")]
    [InlineData("/v1/collections//records/t1")]
    [InlineData("/v1/collections/todos/records//history")]
    public async Task A_name_that_is_none_is_refused(string path)
    {
        var answer = await gateway.SendRaw(
            $"GET {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");

        Assert.StartsWith("HTTP/1.1 400 ", answer);
        Assert.Contains(path.Contains("%00") ? "" : "\"invalid-name\"", answer);
    }

    [Fact]
    public async Task A_put_to_the_record_dot_dot_does_not_reach_the_settings()
    {
        await gateway.SendRaw(
            $"PUT {_collection}/records/.. HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{{}}");

        Assert.Equal(404, (await gateway.Get(_collection)).Status);
    }

    [Fact]
    public async Task Ids_that_begin_with_a_dot_are_names() =>
        Assert.Equal(201, (await gateway.Put(_collection + "/records/.hidden:a~b@c", "{}")).Status);

    [Fact]
    public async Task A_body_over_the_limit_is_too_large()
    {
        var reply = await gateway.Put(Record, "{\"a\":\"" + new string('x', 4 * 1024 * 1024) + "\"}");

        Assert.Equal((413, "too-large"), (reply.Status, reply.Code));
    }

    [Theory]
    [InlineData("/")]
    [InlineData("/v1")]
    [InlineData("/v2/collections")]
    [InlineData("/v1/nothing/here")]
    public async Task An_unknown_route_is_a_problem_too(string path)
    {
        var reply = await gateway.Get(path);

        Assert.Equal((404, "not-found", "application/problem+json"), (reply.Status, reply.Code, reply.ContentType));
    }

    [Fact]
    public async Task An_unknown_method_says_which_are_known()
    {
        var reply = await gateway.Delete("/v1/time");

        Assert.Equal((405, "method-not-allowed", "GET"), (reply.Status, reply.Code, reply.Header("Allow")));
    }

    [Theory]
    [InlineData("/records?limit=0")]
    [InlineData("/records?limit=1001")]
    [InlineData("/records?limit=ten")]
    [InlineData("/records?limit=1&limit=2")]
    [InlineData("/records?after=x")]
    [InlineData("/records?filter=")]
    [InlineData("/records?filter=[]")]
    [InlineData("/records?filter={\"a\":{\"almost\":1}}")]
    [InlineData("/records?orderBy=-")]
    [InlineData("/records/t1?wait=0")]
    [InlineData("/records/t1?wait=61")]
    [InlineData("/records/t1?wait=soon")]
    [InlineData("/records/t1/history?limit=0")]
    [InlineData("/records/t1/history?after=x")]
    [InlineData("/records/t1/history?version=-1")]
    public async Task A_query_that_means_nothing_is_malformed(string query)
    {
        var reply = await gateway.Get(_collection + query);

        Assert.Equal((400, "malformed"), (reply.Status, reply.Code));
    }

    [Fact]
    public async Task No_refusal_names_a_type_of_the_server()
    {
        var texts = new StringBuilder();
        foreach (var body in HostileBodies) texts.Append((await gateway.Put(Record, (string)body[0])).Text);

        Assert.DoesNotContain("Exception", texts.ToString());
        Assert.DoesNotContain("System.", texts.ToString());
        Assert.DoesNotContain("   at ", texts.ToString());
    }
}
