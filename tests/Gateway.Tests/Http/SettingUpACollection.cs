namespace OrleansSync.Gateway.Tests.Http;

[Collection("gateway")]
public sealed class SettingUpACollection(RunningGateway gateway)
{
    private readonly string _name = RunningGateway.NewCollection();
    private string Path => $"/v1/collections/{_name}";

    [Fact]
    public async Task A_put_creates_it_and_a_second_replaces_its_settings()
    {
        var first = await gateway.Put(Path, """{"policy":"reject","indexes":["status"]}""");
        var second = await gateway.Put(Path, """{"history":{"versions":5}}""");

        Assert.Equal((201, 200), (first.Status, second.Status));
        Assert.Equal("reject", (string?)first.Json["settings"]!["policy"]);
        Assert.Equal("lastWriterWins", (string?)second.Json["settings"]!["policy"]);
        Assert.Equal(5, (int)second.Json["settings"]!["history"]!["versions"]!);
        Assert.Equal(_name, (string?)second.Json["name"]);
    }

    [Fact]
    public async Task Its_partitions_stay_as_they_are_where_they_are_left_out_and_cannot_be_others()
    {
        await gateway.Put(Path, """{"partitions":4}""");

        var without = await gateway.Put(Path, """{"policy":"reject"}""");
        var others = await gateway.Put(Path, """{"policy":"reject","partitions":2}""");

        Assert.Equal((200, 4), (without.Status, (int)without.Json["settings"]!["partitions"]!));
        Assert.Equal((400, "malformed"), (others.Status, (string?)others.Json["code"]));
    }

    [Fact]
    public async Task It_counts_what_it_holds()
    {
        await gateway.Put($"{Path}/records/a", "{}");
        await gateway.Put($"{Path}/records/b", "{}");
        await gateway.Delete($"{Path}/records/b");

        var counts = (await gateway.Get(Path)).Json["counts"]!;

        Assert.Equal((1, 1, 0), ((int)counts["records"]!, (int)counts["tombstones"]!, (int)counts["conflicts"]!));
    }

    [Fact]
    public async Task It_is_among_all_collections()
    {
        await gateway.Put(Path, "{}");

        var all = await gateway.Get("/v1/collections");

        Assert.Contains(_name, all.Json["collections"]!.AsArray().Select(collection => (string?)collection!["name"]));
    }

    [Fact]
    public async Task One_that_does_not_exist_is_unknown() =>
        Assert.Equal((404, "unknown-collection"), ((await gateway.Get(Path)).Status, (await gateway.Get(Path)).Code));

    [Theory]
    [InlineData("""{"policy":"best"}""")]
    [InlineData("""{"policy":"custom:unheard"}""")]
    [InlineData("""{"granularity":"byte"}""")]
    [InlineData("""{"history":{"versions":-1}}""")]
    [InlineData("""{"partitions":0}""")]
    [InlineData("""{"access":{"read":"*"}}""")]
    [InlineData("""{"schema":7}""")]
    [InlineData("[]")]
    [InlineData("{")]
    public async Task Settings_that_mean_nothing_are_malformed(string settings)
    {
        var reply = await gateway.Put(Path, settings);

        Assert.Equal((400, "malformed"), (reply.Status, reply.Code));
        Assert.Equal(404, (await gateway.Get(Path)).Status);
    }

    [Fact]
    public async Task A_custom_policy_that_the_silo_knows_is_taken() =>
        Assert.Equal(201, (await gateway.Put(Path, """{"policy":"custom:max"}""")).Status);

    [Fact]
    public async Task A_schema_holds_from_the_answer_on()
    {
        await gateway.Put($"{Path}/records/t1", """{"n":"text"}""");
        await gateway.Put(Path, """{"schema":{"properties":{"n":{"type":"number"}}}}""");

        var bad = await gateway.Put($"{Path}/records/t2", """{"n":"text"}""");
        var good = await gateway.Put($"{Path}/records/t2", """{"n":1}""");

        Assert.Equal((422, "schema"), (bad.Status, bad.Code));
        Assert.Equal(201, good.Status);
    }
}
