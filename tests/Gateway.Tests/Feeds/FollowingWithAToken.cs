namespace OrleansSync.Gateway.Tests.Feeds;

[Collection("guarded gateway")]
public sealed class FollowingWithAToken(GuardedGateway gateway)
{
    private static readonly string s_admin = GuardedGateway.TokenFor("root", ["admin"]);
    private static readonly string s_ada = GuardedGateway.TokenFor("ada");
    private static readonly string s_bob = GuardedGateway.TokenFor("bob");

    private readonly string _collection = RunningGateway.NewCollection();
    private readonly EventStreamTransport _events = new();

    [Fact]
    public async Task Without_one_nothing_is_shown()
    {
        var reply = await gateway.Get($"/v1/collections/{_collection}/changes");

        Assert.Equal((401, "unauthorized"), (reply.Status, reply.Code));
    }

    [Fact]
    public async Task Owners_see_their_own_come_and_go_and_nothing_else()
    {
        await gateway.Put($"/v1/collections/{_collection}", """{"access":{"owner":"owner"}}""", s_admin);
        await using var reader = await _events.Open(gateway, _collection, null, null, null, s_ada);
        var held = new HeldFeed();
        held.Apply(await Next(reader));

        await gateway.Put(Path("b"), """{"owner":"bob"}""", s_bob);
        await gateway.Put(Path("a"), """{"owner":"ada"}""", s_ada);
        await gateway.Delete(Path("b"), s_bob);
        await gateway.Delete(Path("a"), s_ada);
        while (!held.Shown.Contains("a@2")) held.Apply(await Next(reader));

        Assert.Equal(["a@1", "a@2"], held.Shown);
    }

    [Fact]
    public async Task An_open_feed_starts_again_when_its_collection_gets_owners()
    {
        await gateway.Put(Path("b"), """{"owner":"bob"}""", s_bob);
        await gateway.Put(Path("a"), """{"owner":"ada"}""", s_ada);
        await using var reader = await _events.Open(gateway, _collection, null, null, null, s_ada);
        var held = new HeldFeed();
        while (!held.UpToDate) held.Apply(await Next(reader));
        Assert.Equal(2, held.Records.Count);

        await gateway.Put($"/v1/collections/{_collection}", """{"access":{"owner":"owner"}}""", s_admin);
        while (held.Pages[^1].Reset is null) held.Apply(await Next(reader));
        while (!held.UpToDate) held.Apply(await Next(reader));

        Assert.Equal(["a"], held.Records.Keys);
    }

    [Fact]
    public async Task Who_loses_the_right_is_told_to_drop_it_all_and_the_feed_ends()
    {
        await gateway.Put(Path("a"), "{}", s_ada);
        await using var reader = await _events.Open(gateway, _collection, null, null, null, s_ada);
        var held = new HeldFeed();
        while (!held.UpToDate) held.Apply(await Next(reader));

        await gateway.Put($"/v1/collections/{_collection}", """{"access":{"read":["user:bob"]}}""", s_admin);
        while (held.Pages[^1].Reset is null) held.Apply(await Next(reader));
        var ended = await Assert.ThrowsAsync<FeedEnded>(() => Next(reader));

        Assert.Equal("access", held.Pages[^1].Reset);
        Assert.Equal("forbidden", ended.Code);
    }

    [Fact]
    public async Task A_stream_ends_with_its_token()
    {
        var brief = GuardedGateway.TokenFor("ada", expires: DateTime.UtcNow.AddSeconds(3));
        await using var reader = await _events.Open(gateway, _collection, null, null, null, brief);

        var ended = await Assert.ThrowsAsync<FeedEnded>(async () =>
        {
            while (true) await Next(reader);
        });

        Assert.Equal("unauthorized", ended.Code);
    }

    private string Path(string id) => $"/v1/collections/{_collection}/records/{id}";

    private static async Task<Page> Next(IPageReader reader)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        return await reader.Next(patience.Token);
    }
}
