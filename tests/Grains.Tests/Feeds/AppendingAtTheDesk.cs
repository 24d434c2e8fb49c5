using OrleansSync.Grains.Tests.Records;
using OrleansSync.Protocol;

namespace OrleansSync.Grains.Tests.Feeds;

/// <summary>Records give their commits to the feed of their silo without a call: what they answer, the feed shows.</summary>
[Collection(OnARunningSilo.Name)]
public sealed class AppendingAtTheDesk(RunningSilo silo)
{
    private const int Writers = 32;
    private const int WritesEach = 60;

    private readonly string _collection = silo.NewCollection();
    private int _answered;

    [Fact]
    public async Task Whoever_has_an_answer_finds_the_write_in_the_feed() =>
        await Task.WhenAll(Enumerable.Range(0, Writers).Select(async writer =>
        {
            var record = silo.Record(_collection, $"r{writer}");
            for (var n = 1; n <= WritesEach; n++)
            {
                Assert.Equal(Outcome.Applied, (await record.Write(Writes.Put(_collection, $"r{writer}", $$"""{"n":{{n}}}"""))).Outcome);
                // Each write is a version, so the feed is at least as long as what was answered.
                var answered = Interlocked.Increment(ref _answered);
                Assert.InRange((await silo.Feed(_collection).ReadState()).Place.Head, answered, Writers * WritesEach);
            }
        }));

    [Fact]
    public async Task Memory_that_is_lost_while_many_write_loses_and_doubles_nothing()
    {
        var writing = Task.WhenAll(Enumerable.Range(0, Writers).Select(async writer =>
        {
            for (var n = 1; n <= WritesEach; n++)
                Assert.True((await silo.Record(_collection, $"r{writer % 4}").Write(Writes.Patch(_collection, $"r{writer % 4}", """{"n":{"$increment":1}}"""))).Record is not null);
        }));
        while (!writing.IsCompleted) await silo.ForgetMemory();
        await writing;

        var counts = await Task.WhenAll(Enumerable.Range(0, 4).Select(async n => (await silo.Record(_collection, $"r{n}").Read())!.Version));
        Assert.Equal(Writers * WritesEach, counts.Sum());
    }
}
