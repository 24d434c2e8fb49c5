using Microsoft.Extensions.DependencyInjection;
using Orleans.TestingHost;
using OrleansSync.Grains.Records;
using OrleansSync.Grains.Streams;
using OrleansSync.Grains.Tests.Records;
using OrleansSync.Postgres;
using OrleansSync.Protocol;
using OrleansSync.Silo;

namespace OrleansSync.Grains.Tests.Feeds;

/// <summary>
/// Guarantee 1 at its worst: two silos on one database, neither of which knows that the other is there, as when one was declared dead and is not.
/// Each holds the record in memory and believes that it is its own.
/// </summary>
public sealed class TwoSilosThatDoNotKnowOfEachOther : IAsyncLifetime
{
    private readonly List<InProcessTestCluster> _silos = [];
    private TemporaryPostgres _postgres = null!;

    public async Task InitializeAsync()
    {
        _postgres = await TemporaryPostgres.Start();
        var database = await _postgres.CreateDatabase();
        for (var number = 0; number < 2; number++) _silos.Add(await Started(database));
        Assert.NotEqual(Address(0), Address(1));
    }

    public async Task DisposeAsync()
    {
        foreach (var silo in _silos) await silo.DisposeAsync();
        await _postgres.DisposeAsync();
    }

    [Fact]
    public async Task A_read_through_either_shows_what_was_answered_through_the_other()
    {
        for (var round = 1; round <= 10; round++)
        {
            var (writing, reading) = (Record(round % 2), Record((round + 1) % 2));
            // Its memory is warm, and so is its lease where it has one.
            await reading.Read();

            var written = await writing.Write(Writes.Put("notes", "r", $$"""{"round":{{round}}}""", $"w{round}"));

            Assert.Equal((Outcome.Applied, round), (written.Outcome, (int)written.Record!.Version));
            Assert.Equal($$"""{"round":{{round}}}""", (await reading.Read()).Text());
        }
    }

    [Fact]
    public async Task A_write_through_either_counts_once_and_on_top_of_the_other()
    {
        for (var round = 0; round < 10; round++)
        {
            var write = Writes.Patch("notes", "n", """{"n":{"$increment":1}}""", $"w{round}");
            await Record(round % 2, "n").Write(write);

            Assert.True((await Record((round + 1) % 2, "n").Write(write)).Replayed);
        }

        Assert.Equal("""{"n":10}""", (await Record(0, "n").Read()).Text());
    }

    [Fact]
    public async Task What_is_refused_is_refused_by_what_is_true()
    {
        await Record(0, "b").Write(Writes.Put("notes", "b", """{"n":1}"""));
        await Record(0, "b").Read();
        await Record(1, "b").Write(Writes.Put("notes", "b", """{"n":2}"""));

        // Silo 0 has seen version 1 only: to it this base lies in the future.
        var based = await Record(0, "b").Write(Writes.Patch("notes", "b", """{"n":3}""") with { Base = 2 });

        Assert.Equal((Outcome.Applied, 3L), (based.Outcome, based.Record!.Version));
    }

    private string Address(int silo) => _silos[silo].Silos[0].ServiceProvider.GetRequiredService<ILocalSiloDetails>().SiloAddress.ToString();

    private IRecordGrain Record(int silo, string id = "r") => _silos[silo].Client.GetGrain<IRecordGrain>(new RecordKey("notes", id).ToString());

    private static async Task<InProcessTestCluster> Started(string database)
    {
        var builder = new InProcessTestClusterBuilder(1);
        builder.ConfigureSilo((_, silo) => silo.AddOrleansSync(new SiloSettings { Store = "postgres", Postgres = database }));
        builder.ConfigureClient(client => client.AddPersistentStreams(FeedQueues.Provider, FeedQueueAdapter.Create, _ => { }));
        var silo = builder.Build();
        await silo.DeployAsync();
        return silo;
    }
}
