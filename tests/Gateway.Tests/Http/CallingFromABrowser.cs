namespace OrleansSync.Gateway.Tests.Http;

[Collection("gateway")]
public sealed class CallingFromABrowser(RunningGateway gateway)
{
    [Theory]
    [InlineData("http://localhost")]
    [InlineData("http://localhost:5173")]
    [InlineData("https://localhost:8443")]
    [InlineData("http://127.0.0.1:3000")]
    [InlineData("http://[::1]:3000")]
    public async Task Any_localhost_may_by_default(string origin)
    {
        var reply = await gateway.Get("/v1/time", null, ("Origin", origin));

        Assert.Equal(origin, reply.Header("Access-Control-Allow-Origin"));
        Assert.Equal("ETag, Location, Retry-After", reply.Header("Access-Control-Expose-Headers"));
        Assert.Null(reply.Header("Access-Control-Allow-Credentials"));
        Assert.Contains("Origin", reply.Header("Vary"));
    }

    [Theory]
    [InlineData("https://example.com")]
    [InlineData("http://localhost.example.com")]
    [InlineData("http://localhost@example.com")]
    [InlineData("null")]
    [InlineData("file://")]
    public async Task Others_may_not(string origin)
    {
        var reply = await gateway.Get("/v1/time", null, ("Origin", origin));
        var preflight = await Preflight(origin, "PUT");

        Assert.Null(reply.Header("Access-Control-Allow-Origin"));
        Assert.Null(preflight.Header("Access-Control-Allow-Origin"));
        Assert.Null(preflight.Header("Access-Control-Allow-Methods"));
    }

    [Theory]
    [InlineData("GET")]
    [InlineData("PUT")]
    [InlineData("PATCH")]
    [InlineData("POST")]
    [InlineData("DELETE")]
    public async Task A_preflight_is_answered_for_every_method_and_header(string method)
    {
        var reply = await Preflight("http://localhost:5173", method);

        Assert.Equal(204, reply.Status);
        Assert.Contains(method, reply.Header("Access-Control-Allow-Methods"));
        foreach (var header in new[] { "Authorization", "Content-Type", "If-Match", "If-None-Match", "Sync-Base", "Sync-Timestamp", "Sync-Client", "Idempotency-Key", "Last-Event-ID" })
            Assert.Contains(header, reply.Header("Access-Control-Allow-Headers"));
    }

    [Fact]
    public async Task A_refusal_can_be_read_too()
    {
        var reply = await gateway.Put("/v1/collections/todos/records/t1", "{", null, ("Origin", "http://localhost:1"));

        Assert.Equal((400, "http://localhost:1"), (reply.Status, reply.Header("Access-Control-Allow-Origin")));
    }

    [Fact]
    public async Task Nothing_ever_sets_a_cookie() =>
        Assert.Null((await gateway.Get("/v1/collections")).Header("Set-Cookie"));

    private Task<Reply> Preflight(string origin, string method) => gateway.Send(
        HttpMethod.Options, "/v1/collections/todos/records/t1", null, null,
        ("Origin", origin), ("Access-Control-Request-Method", method), ("Access-Control-Request-Headers", "sync-base,content-type"));
}
