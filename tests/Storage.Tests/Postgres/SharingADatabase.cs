using OrleansSync.Protocol;
using OrleansSync.Storage.Postgres;
using OrleansSync.Storage.Tests.Contract;

namespace OrleansSync.Storage.Tests.Postgres;

/// <summary>Two processes work on one database at the same time.</summary>
[Collection(PostgresServer.Name)]
public sealed class SharingADatabase(PostgresServer server) : IAsyncLifetime
{
    private readonly string _database = server.EmptyDatabase();
    private PostgresStore _one = null!;
    private PostgresStore _two = null!;

    public async Task InitializeAsync()
    {
        _one = new(_database, TimeProvider.System);
        _two = new(_database, TimeProvider.System);
        await Task.WhenAll(_one.Open(default), _two.Open(default));
    }

    public async Task DisposeAsync()
    {
        await _one.DisposeAsync();
        await _two.DisposeAsync();
        server.Return(_database);
    }

    [Fact]
    public async Task A_feed_that_changes_hands_again_and_again_loses_nothing_and_doubles_nothing()
    {
        var answered = await Task.WhenAll(Own(_one), Own(_two));

        var record = (await _one.ReadRecord("todos", "a", default))!;
        Assert.Equal(answered.Sum(), record.State!.View.Version);
        Assert.Equal(record.LastNumber, record.State.View.Version);
        Assert.Equal(answered.Sum(), (await _two.ReadFeedPlace("todos", 0, default))!.Head);
        Assert.All(answered, count => Assert.True(count > 0));

        static async Task<long> Own(PostgresStore store)
        {
            await using var pump = new CommitPump(store);
            var committed = 0L;
            for (var turn = 0; turn < 30; turn++)
            {
                var feed = await Scribe.Of(store, TimeProvider.System);
                var known = await store.ReadRecord("todos", "a", default);
                feed.Know("a", known?.State?.View.Version ?? 0, known?.LastNumber ?? 0);
                var outcomes = Enumerable.Range(0, 20).Select(_ => feed.Batch(feed.Put("a", "{}")))
                    .Select(batch => pump.Append("todos", 0, batch.Epoch, batch.ExpectedHead, batch.NewHead, batch.Commits[0]).AsTask()).ToList();
                var ends = await Task.WhenAll(outcomes);
                Assert.All(ends, end => Assert.True(end is CommitOutcome.Committed or CommitOutcome.Fenced));
                committed += ends.Count(end => end == CommitOutcome.Committed);
            }
            return committed;
        }
    }

    [Fact]
    public async Task Indexes_that_come_and_go_follow_what_another_process_writes()
    {
        var feeds = await Task.WhenAll(Enumerable.Range(0, 3).Select(i => Scribe.Of(_one, TimeProvider.System, "todos", i)));
        using var rebuilt = new CancellationTokenSource();
        var writing = feeds.Select((feed, i) => Task.Run(() => Write(feed, i))).ToList();
        foreach (var paths in new string[][] { ["n"], ["m"], ["n", "m"], [], ["m", "n"], ["n"], ["n", "m"] })
            await _two.RebuildIndexes("todos", paths, default);
        await rebuilt.CancelAsync();
        await Task.WhenAll(writing);

        var indexed = (await Ids("n"), await Ids("-n"), await Ids("m"), await Ids("-m"));
        await _two.RebuildIndexes("todos", [], default);
        Assert.Equal((await Ids("n"), await Ids("-n"), await Ids("m"), await Ids("-m")), indexed);

        async Task Write(Scribe feed, int partition)
        {
            var random = new Random(partition);
            while (!rebuilt.IsCancellationRequested)
            {
                await feed.Commit([.. Enumerable.Range(0, 20).Select(_ =>
                {
                    var id = $"r{partition}-{random.Next(700)}";
                    return random.Next(3) == 0 ? feed.Delete(id, "{}") : feed.Put(id, $$"""{"n":{{random.Next(100)}},"m":"{{random.Next(100)}}"}""");
                })]);
            }
        }
    }

    [Fact]
    public async Task Sweeps_and_commits_leave_the_counts_right()
    {
        await _one.WriteCollection("todos", 0, CollectionSettings.Default, default);
        var feed = await Scribe.Of(_one, TimeProvider.System);
        using var done = new CancellationTokenSource();
        // To whoever sweeps, every tombstone is old.
        var sweeping = Task.Run(async () =>
        {
            while (!done.IsCancellationRequested)
                await _two.Sweep("todos", feed.Now + TimeSpan.FromDays(100), default);
        });
        var (random, live) = (new Random(1), new HashSet<string>());
        for (var i = 0; i < 100; i++)
        {
            await feed.Commit([.. Enumerable.Range(0, 10).Select(_ =>
            {
                var id = $"r{random.Next(30)}";
                if (random.Next(2) == 0)
                {
                    live.Remove(id);
                    return feed.Delete(id, "{}");
                }
                live.Add(id);
                return feed.Put(id, "{}");
            })]);
        }
        await done.CancelAsync();
        await sweeping;
        while (await _two.Sweep("todos", feed.Now + TimeSpan.FromDays(100), default)) { }

        Assert.Equal(new CollectionCounts(live.Count, 0, 0), (await _one.ReadCollection("todos", default))!.Counts);
        Assert.Equal(live.Count, (await _one.ReadFeed("todos", 0, 0, 1_000, default)).Entries.Count);
    }

    private async Task<string> Ids(string order) => string.Join(
        ' ',
        (await _one.ReadRecords(new() { Collection = "todos", Order = RecordOrder.Parse(order), Limit = 5_000 }, default)).Records.Select(record => record.Id));
}
