using System.Text.Json.Nodes;

namespace OrleansSync.Gateway.Tests.Feeds;

/// <summary>What else is asked of a collection whose feed is cut into parts.</summary>
[Collection("gateway")]
public sealed class ReadingPartitions(RunningGateway gateway) : IAsyncLifetime
{
    private const int Partitions = 8;

    private readonly string _collection = RunningGateway.NewCollection();
    private string Path => $"/v1/collections/{_collection}";
    private List<string> Ids => PartitionedIds.OneOfEach(_collection, Partitions);

    public async Task InitializeAsync() => await gateway.Put(Path, $$"""{"partitions":{{Partitions}}}""");

    public Task DisposeAsync() => Task.CompletedTask;

    [Fact]
    public async Task Who_lists_and_then_follows_the_feed_misses_nothing()
    {
        foreach (var id in Ids) await Put(id, 1);
        var first = (await gateway.Get($"{Path}/records?limit=3")).Json;
        foreach (var id in Ids) await Put(id, 2);
        await gateway.Get($"{Path}/records?limit=3&after={Uri.EscapeDataString((string)first["next"]!)}");

        var page = (await gateway.Get($"{Path}/changes?since={first["cursor"]}")).Json;

        Assert.Null(page["reset"]);
        Assert.True((bool)page["upToDate"]!);
        Assert.Equal(Ids.Order(), page["changes"]!.AsArray().Select(change => (string)change!["record"]!["id"]!).Order());
        Assert.All(page["changes"]!.AsArray(), change => Assert.Equal(2, (int)change!["record"]!["version"]!));
    }

    [Fact]
    public async Task A_list_of_what_is_not_there_yet_gives_a_cursor_that_stays_good()
    {
        var path = $"/v1/collections/{RunningGateway.NewCollection()}";
        var cursor = (string)(await gateway.Get($"{path}/records")).Json["cursor"]!;
        await gateway.Put(path, $$"""{"partitions":{{Partitions}}}""");
        for (var n = 0; n < 20; n++) await gateway.Put($"{path}/records/r{n}", "{}");

        var page = (await gateway.Get($"{path}/changes?since={cursor}")).Json;

        Assert.Null(page["reset"]);
        Assert.Equal(20, page["changes"]!.AsArray().Count);
    }

    [Fact]
    public async Task Its_counts_are_those_of_all_parts()
    {
        foreach (var id in Ids) await Put(id, 1);
        foreach (var id in Ids.Take(3)) await gateway.Delete($"{Path}/records/{id}");

        var counts = (await gateway.Get(Path)).Json["counts"]!;

        Assert.Equal((5, 3), ((int)counts["records"]!, (int)counts["tombstones"]!));
    }

    [Fact]
    public async Task Who_waits_for_a_record_is_woken_whatever_part_it_is_in()
    {
        foreach (var id in Ids)
        {
            await Put(id, 1);
            var waiting = gateway.Get($"{Path}/records/{id}?wait=30", null, ("If-None-Match", "\"1\""));
            await Put(id, 2);

            Assert.Equal(2, (int)(await waiting).Json["version"]!);
        }
    }

    [Theory]
    [InlineData("""{"partitions":4,"policy":"reject"}""")]
    [InlineData("""{"partitions":1,"policy":"reject"}""")]
    [InlineData("""{"partitions":9,"policy":"reject"}""")]
    public async Task Their_number_cannot_be_changed_and_who_tries_changes_nothing(string settings)
    {
        var before = await gateway.Get(Path);

        var reply = await gateway.Put(Path, settings);

        Assert.Equal((400, "malformed"), (reply.Status, reply.Code));
        Assert.Contains("partitions", (string)reply.Json["detail"]!);
        Assert.Equal(before.Text, (await gateway.Get(Path)).Text);
    }

    [Fact]
    public async Task Other_settings_can_be_changed_and_readers_go_on()
    {
        foreach (var id in Ids) await Put(id, 1);
        var cursor = (string)(await gateway.Get($"{Path}/changes")).Json["cursor"]!;

        Assert.Equal(200, (await gateway.Put(Path, $$$"""{"partitions":{{{Partitions}}},"history":{"versions":5}}""")).Status);
        foreach (var id in Ids) await Put(id, 2);
        var page = (await gateway.Get($"{Path}/changes?since={cursor}")).Json;

        Assert.Null(page["reset"]);
        Assert.Equal(Partitions, page["changes"]!.AsArray().Count);
    }

    [Fact]
    public async Task A_batch_over_all_parts_is_answered_in_order()
    {
        var writes = new JsonArray([.. Ids.Select(id => JsonNode.Parse($$$"""{"id":"w-{{{id}}}","collection":"{{{_collection}}}","record":"{{{id}}}","op":"put","data":{}}"""))]);

        var results = (await gateway.Post("/v1/writes", new JsonObject { ["writes"] = writes }.ToJsonString())).Json["results"]!.AsArray();

        Assert.Equal(Ids.Select(id => $"w-{id}"), results.Select(result => (string)result!["id"]!));
        Assert.All(results, result => Assert.Equal("applied", (string)result!["outcome"]!));
    }

    private async Task Put(string id, int n)
    {
        var reply = await gateway.Put($"{Path}/records/{id}", $$"""{"n":{{n}}}""");
        Assert.True(reply.Status is 200 or 201, reply.Text);
    }
}
