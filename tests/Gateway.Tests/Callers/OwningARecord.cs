namespace OrleansSync.Gateway.Tests.Callers;

[Collection("guarded gateway")]
public sealed class OwningARecord(GuardedGateway gateway) : IAsyncLifetime
{
    private readonly string _collection = $"/v1/collections/{RunningGateway.NewCollection()}";
    private string Record => _collection + "/records/t1";

    private readonly string _admin = GuardedGateway.TokenFor("root", ["admin"]);
    private readonly string _ada = GuardedGateway.TokenFor("ada");
    private readonly string _bob = GuardedGateway.TokenFor("bob");

    public Task InitializeAsync() => gateway.Put(_collection, """{"access":{"owner":"ownerId"}}""", _admin);
    public Task DisposeAsync() => Task.CompletedTask;

    [Fact]
    public async Task A_new_record_must_name_its_writer()
    {
        var another = await gateway.Put(Record, """{"ownerId":"bob"}""", _ada);
        var nobody = await gateway.Put(Record, "{}", _ada);
        var own = await gateway.Put(Record, """{"ownerId":"ada"}""", _ada);

        Assert.Equal((403, 403, 201), (another.Status, nobody.Status, own.Status));
    }

    [Fact]
    public async Task To_others_it_is_not_there()
    {
        await gateway.Put(Record, """{"ownerId":"ada"}""", _ada);

        Assert.Equal((404, "not-found"), await StatusAndCode(gateway.Get(Record, _bob)));
        Assert.Equal((404, "not-found"), await StatusAndCode(gateway.Get(Record + "/history", _bob)));
        Assert.Equal((404, "not-found"), await StatusAndCode(gateway.Get(Record + "/history?version=1", _bob)));
        Assert.Equal((404, "not-found"), await StatusAndCode(gateway.Patch(Record, """{"a":1}""", _bob)));
        Assert.Equal((404, "not-found"), await StatusAndCode(gateway.Delete(Record, _bob)));
        Assert.Equal(401, (await gateway.Get(Record)).Status);
        Assert.Equal(200, (await gateway.Get(Record, _ada)).Status);
        Assert.Equal(200, (await gateway.Get(Record, _admin)).Status);
    }

    [Fact]
    public async Task A_refused_write_of_another_shows_nothing_of_it()
    {
        await gateway.Put(Record, """{"ownerId":"ada","secret":"s3cret"}""", _ada);

        foreach (var reply in new[]
        {
            await gateway.Put(Record, """{"ownerId":"bob"}""", _bob),
            await gateway.Put(Record, """{"ownerId":"bob"}""", _bob, ("If-None-Match", "*")),
            await gateway.Patch(Record, """{"ownerId":"bob"}""", _bob, ("If-Match", "\"9\"")),
            await gateway.Delete(Record, _bob),
        })
        {
            Assert.InRange(reply.Status, 400, 499);
            Assert.DoesNotContain("s3cret", reply.Text);
            Assert.Null(reply.ETag);
        }
    }

    [Fact]
    public async Task Lists_show_only_ones_own()
    {
        await gateway.Put(_collection + "/records/a", """{"ownerId":"ada"}""", _ada);
        await gateway.Put(_collection + "/records/b", """{"ownerId":"bob"}""", _bob);

        Assert.Equal(["a"], await Ids("", _ada));
        Assert.Equal(["b"], await Ids("", _bob));
        Assert.Equal(["a", "b"], await Ids("", _admin));
        Assert.Empty(await Ids("""?filter={"ownerId":"bob"}""", _ada));
    }

    [Fact]
    public async Task Counts_are_for_who_sees_everything()
    {
        Assert.Null((await gateway.Get(_collection, _ada)).Json["counts"]);
        Assert.NotNull((await gateway.Get(_collection, _admin)).Json["counts"]);
    }

    [Fact]
    public async Task A_tombstone_is_whose_the_record_was()
    {
        await gateway.Put(Record, """{"ownerId":"ada"}""", _ada);
        await gateway.Delete(Record, _ada);

        Assert.Equal(410, (await gateway.Get(Record, _ada)).Status);
        Assert.Equal(404, (await gateway.Get(Record, _bob)).Status);
    }

    private async Task<IEnumerable<string?>> Ids(string query, string token) =>
        (await gateway.Get($"{_collection}/records{query}", token)).Json["records"]!.AsArray().Select(record => (string?)record!["id"]);

    private static async Task<(int, string?)> StatusAndCode(Task<Reply> reply) => ((await reply).Status, (await reply).Code);
}
