using OrleansSync.Grains.Tests.Records;
using OrleansSync.Protocol;
using OrleansSync.Storage.Sqlite;

namespace OrleansSync.Grains.Tests.Feeds;

/// <summary>The store decides who owns a feed; who finds that it lost it takes it again and decides again.</summary>
[Collection(OnARunningSilo.Name)]
public sealed class LosingTheFeed(RunningSilo silo)
{
    private readonly string _collection = silo.NewCollection();

    [Fact]
    public async Task Writes_go_on_and_none_is_lost_or_counted_twice()
    {
        var record = silo.Record(_collection, "r");
        await record.Write(Increment(0));
        await using var other = new SqliteStore(silo.DatabaseFile, TimeProvider.System);
        await other.Open(CancellationToken.None);

        for (var round = 1; round <= 5; round++)
        {
            var writing = Task.WhenAll(Enumerable.Range(0, 20).Select(n => record.Write(Increment(round * 100 + n))));
            await other.TakeFeed(_collection, 0, "test", CancellationToken.None);
            Assert.All(await writing, result => Assert.Equal(Outcome.Applied, result.Outcome));
        }

        Assert.Equal("""{"n":101}""", (await record.Read()).Text());
        Assert.Equal(101, (await record.Read())!.Version);
    }

    private Write Increment(int n) => Writes.Patch(_collection, "r", """{"n":{"$increment":1}}""", $"w{n}");
}
