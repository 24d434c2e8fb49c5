namespace OrleansSync.Gateway.Tests.Http;

[Collection("gateway")]
public sealed class SendingABatch(RunningGateway gateway)
{
    private readonly string _collection = RunningGateway.NewCollection();

    [Fact]
    public async Task Each_write_has_its_result_in_order()
    {
        var reply = await Send(Put("a", 1), Put("b", 2), """{"collection":"X","record":"c","op":"put","data":{}}""", "7", Put("d", 4));

        Assert.Equal(200, reply.Status);
        var results = reply.Json["results"]!.AsArray();
        Assert.Equal(["applied", "applied", "invalid", "invalid", "applied"], results.Select(result => (string?)result!["outcome"]));
        Assert.Equal("invalid-name", (string?)results[2]!["code"]);
        Assert.Equal(400, (int)results[2]!["status"]!);
        Assert.NotNull(results[2]!["detail"]);
        Assert.Equal("malformed", (string?)results[3]!["code"]);
        Assert.Equal("d", (string?)results[4]!["record"]!["id"]);
    }

    [Fact]
    public async Task Writes_to_one_record_are_done_in_order()
    {
        var reply = await Send([.. Enumerable.Range(1, 100).Select(n => Put(n % 2 == 0 ? "even" : "odd", n))]);

        var versions = reply.Json["results"]!.AsArray().Select(result => (int)result!["record"]!["version"]!);
        Assert.Equal(Enumerable.Range(0, 100).Select(n => n / 2 + 1), versions);
        Assert.Contains("\"n\":100}", (await gateway.Get($"/v1/collections/{_collection}/records/even")).Text);
    }

    [Fact]
    public async Task A_rejected_write_says_why_and_the_others_go_on()
    {
        var reply = await Send(Put("a", 1), Put("a", 2, ""","ifVersion":9"""), Put("a", 3));

        var results = reply.Json["results"]!.AsArray();
        Assert.Equal(["applied", "rejected", "applied"], results.Select(result => (string?)result!["outcome"]));
        Assert.Equal(("version-mismatch", 412), ((string?)results[1]!["code"], (int)results[1]!["status"]!));
        Assert.Equal(1, (int)results[1]!["record"]!["version"]!);
    }

    [Fact]
    public async Task A_resent_batch_is_harmless()
    {
        string[] writes = [Put("a", 1, ""","id":"w-1" """), Put("b", 1, ""","id":"w-1" """)];
        await Send(writes);

        var again = await Send(writes);

        Assert.All(again.Json["results"]!.AsArray(), result => Assert.True((bool)result!["replayed"]!));
        Assert.All(again.Json["results"]!.AsArray(), result => Assert.Equal(1, (int)result!["record"]!["version"]!));
    }

    [Fact]
    public async Task An_empty_batch_has_no_results() =>
        Assert.Equal("""{"results":[]}""", (await Send()).Text);

    [Fact]
    public async Task More_than_the_limit_is_too_large()
    {
        var reply = await Send([.. Enumerable.Range(0, 501).Select(n => Put($"r{n}", n))]);

        Assert.Equal((413, "too-large"), (reply.Status, reply.Code));
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("[]")]
    [InlineData("""{"writes":{}}""")]
    [InlineData("""{"writes":[}""")]
    [InlineData("""{"writes":[],"writes":[]}""")]
    public async Task What_is_no_batch_is_malformed(string body)
    {
        var reply = await gateway.Post("/v1/writes", body);

        Assert.Equal((400, "malformed"), (reply.Status, reply.Code));
    }

    [Fact]
    public async Task The_client_of_the_request_is_that_of_its_writes()
    {
        var reply = await gateway.Post("/v1/writes", $$"""{"writes":[{{Put("a", 1)}},{{Put("b", 1, ""","client":"tab-2" """)}}]}""", null, ("Sync-Client", "tab-1"));

        Assert.Equal(["tab-1", "tab-2"], reply.Json["results"]!.AsArray().Select(result => (string?)result!["record"]!["client"]));
    }

    private Task<Reply> Send(params string[] writes) => gateway.Post("/v1/writes", $$"""{"writes":[{{string.Join(',', writes)}}]}""");

    private string Put(string record, int n, string more = "") =>
        $$"""{"collection":"{{_collection}}","record":"{{record}}","op":"put","data":{"n":{{n}}}{{more}}}""";
}
