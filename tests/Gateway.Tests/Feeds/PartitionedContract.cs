using OrleansSync.Grains.Records;

namespace OrleansSync.Gateway.Tests.Feeds;

/// <summary>
/// What every way to follow a feed promises where the feed is cut into four partitions (protocol §5, §8): all of it, but for an order
/// across records. One subclass for each transport.
/// </summary>
public abstract class PartitionedContract(RunningGateway gateway) : IAsyncLifetime
{
    private const int Partitions = 4;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly string _collection = RunningGateway.NewCollection();

    protected abstract ITransport Transport { get; }

    public async Task InitializeAsync() => Assert.Equal(201, (await Create(_collection)).Status);

    public Task DisposeAsync() => Task.CompletedTask;

    [Fact]
    public async Task A_write_to_any_partition_reaches_who_waits()
    {
        await using var reader = await Open();
        var held = new HeldFeed();
        await Read(reader, held, () => held.UpToDate);

        foreach (var id in OneOfEach())
        {
            await Put(id, """{"n":1}""");
            await Read(reader, held, () => held.Records.ContainsKey(id));
        }

        Assert.Equal(OneOfEach().Select(id => $"{id}@1"), held.Shown);
    }

    [Fact]
    public async Task Who_keeps_up_sees_every_version_of_every_record_in_order()
    {
        await using var reader = await Open();
        var held = new HeldFeed();
        await Read(reader, held, () => held.UpToDate);

        await Task.WhenAll(OneOfEach().Select(async id =>
        {
            for (var n = 1; n <= 10; n++) await Put(id, $$"""{"n":{{n}}}""");
        }));
        await Read(reader, held, () => held.Shown.Count == 10 * Partitions && held.UpToDate);

        foreach (var id in OneOfEach())
            Assert.Equal(Enumerable.Range(1, 10).Select(n => $"{id}@{n}"), held.Shown.Where(shown => shown.StartsWith(id + "@")));
    }

    [Fact]
    public async Task Who_comes_back_again_and_again_ends_up_with_exactly_the_collection()
    {
        var expected = new SortedDictionary<string, string>();
        var held = new HeldFeed();
        for (var round = 0; round < 4; round++)
        {
            await using (var reader = await Open(held.Cursor, limit: 7))
            {
                // Breaks off in the midst of it.
                for (var page = 0; page < 2; page++) held.Apply(await Next(reader));
            }
            for (var n = 0; n < 20; n++)
            {
                var id = $"r{(round * 13 + n) % 40:00}";
                expected[id] = $$"""{"round":{{round}},"n":{{n}}}""";
                await Put(id, expected[id]);
            }
            await gateway.Delete(Path($"r{round * 13:00}"));
            expected.Remove($"r{round * 13:00}");
        }
        await using var last = await Open(held.Cursor, limit: 7);
        await Read(last, held, () => held.UpToDate && held.Records.Count == expected.Count);

        Assert.Equal(expected.Select(record => $"{record.Key}:{record.Value}"), held.Records.Select(record => $"{record.Key}:{record.Value.ToJsonString()}"));
        Assert.All(held.Pages, page => Assert.True(page.Cursor.Length <= 200));
        Assert.All(held.Pages, page => Assert.Null(page.Reset));
    }

    [Fact]
    public async Task A_filter_shows_who_enters_and_who_leaves_in_any_partition()
    {
        foreach (var id in OneOfEach()) await Put(id, """{"done":false}""");
        await using var reader = await Open(filter: """{"done":false}""");
        var held = new HeldFeed();
        await Read(reader, held, () => held.UpToDate);
        Assert.Equal(Partitions, held.Records.Count);

        foreach (var id in OneOfEach()) await Put(id, """{"done":true}""");
        await Read(reader, held, () => held.Records.Count == 0);

        var leaves = held.Pages.SelectMany(page => page.Changes).Where(change => (string?)change["type"] == "leave");
        Assert.Equal(OneOfEach().Order(), leaves.Select(change => (string)change["id"]!).Order());
    }

    [Fact]
    public async Task Now_skips_what_was_there_in_every_partition()
    {
        // One partition has nothing yet.
        foreach (var id in OneOfEach().Skip(1)) await Put(id, """{"n":1}""");
        await using var reader = await Open("now");
        var held = new HeldFeed();
        await Read(reader, held, () => held.UpToDate);

        foreach (var id in OneOfEach()) await Put(id, """{"n":2}""");
        await Read(reader, held, () => held.Records.Count == Partitions);

        Assert.Equal(OneOfEach().Select((id, number) => $"{id}@{(number == 0 ? 1 : 2)}").Order(), held.Shown.Order());
    }

    [Fact]
    public async Task Who_followed_it_before_it_was_there_misses_nothing()
    {
        var collection = RunningGateway.NewCollection();
        await using var reader = await Transport.Open(gateway, collection);
        var held = new HeldFeed();
        await Read(reader, held, () => held.UpToDate);

        Assert.Equal(201, (await Create(collection)).Status);
        for (var n = 0; n < 20; n++) await Put($"r{n:00}", $$"""{"n":{{n}}}""", collection);
        await Read(reader, held, () => held.UpToDate && held.Records.Count == 20);

        for (var n = 0; n < 20; n++) Assert.Equal($$"""{"n":{{n}}}""", held.Records[$"r{n:00}"].ToJsonString());
        await Put("after", "{}", collection);
        await Read(reader, held, () => held.Records.ContainsKey("after"));
    }

    private Task<IPageReader> Open(string? since = null, string? filter = null, int? limit = null) =>
        Transport.Open(gateway, _collection, since, filter, limit);

    private Task<Reply> Create(string collection) => gateway.Put($"/v1/collections/{collection}", $$"""{"partitions":{{Partitions}}}""");

    private string Path(string id, string? collection = null) => $"/v1/collections/{collection ?? _collection}/records/{id}";

    private async Task Put(string id, string data, string? collection = null)
    {
        var reply = await gateway.Put(Path(id, collection), data);
        Assert.True(reply.Status is 200 or 201, reply.Text);
    }

    /// <summary>An id of each partition, in their order.</summary>
    private List<string> OneOfEach() => PartitionedIds.OneOfEach(_collection, Partitions);

    private static async Task<Page> Next(IPageReader reader)
    {
        using var patience = new CancellationTokenSource(Patience);
        return await reader.Next(patience.Token);
    }

    private static async Task Read(IPageReader reader, HeldFeed held, Func<bool> enough)
    {
        do held.Apply(await Next(reader));
        while (!enough());
    }
}

/// <summary>Which records are in which partition.</summary>
internal static class PartitionedIds
{
    /// <summary>An id of each partition, in their order.</summary>
    public static List<string> OneOfEach(string collection, int partitions) =>
    [
        .. Enumerable.Range(0, partitions).Select(partition => Enumerable.Range(0, 1000).Select(n => $"one{n}")
            .First(id => new RecordKey(collection, id).FeedOf(partitions).Partition == partition)),
    ];
}
