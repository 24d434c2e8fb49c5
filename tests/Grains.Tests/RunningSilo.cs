using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Orleans.TestingHost;
using OrleansSync.Grains.Collections;
using OrleansSync.Grains.Feeds;
using OrleansSync.Grains.Merging;
using OrleansSync.Grains.Records;
using OrleansSync.Grains.Streams;
using OrleansSync.Grains.Tests.Records;
using OrleansSync.Protocol;
using OrleansSync.Silo;

namespace OrleansSync.Grains.Tests;

/// <summary>A real silo on a real SQLite file, asked through a client that is not part of it. Restarting keeps the file.</summary>
public sealed class RunningSilo : IAsyncLifetime
{
    private readonly string _data = Directory.CreateTempSubdirectory("orleanssync-grains-").FullName;
    private InProcessTestCluster _cluster = null!;

    public string DatabaseFile => Path.Combine(_data, "orleanssync.db");

    /// <summary>What runs inside the silo's process sees.</summary>
    public IServiceProvider Services => _cluster.Silos[0].ServiceProvider;

    public async Task InitializeAsync()
    {
        var builder = new InProcessTestClusterBuilder(1);
        builder.ConfigureSilo((_, silo) =>
        {
            silo.AddOrleansSync(new SiloSettings { Data = _data });
            silo.Services.AddCustomPolicy<UnrulyPolicy>();
            silo.Services.AddSingleton<ILoggerProvider, KeptLog>();
        });
        builder.ConfigureClient(client => client.AddPersistentStreams(FeedQueues.Provider, FeedQueueAdapter.Create, _ => { }));
        _cluster = builder.Build();
        await _cluster.DeployAsync();
    }

    public async Task DisposeAsync()
    {
        await _cluster.DisposeAsync();
        Directory.Delete(_data, recursive: true);
    }

    public async Task Restart()
    {
        await _cluster.DisposeAsync();
        await InitializeAsync();
    }

    /// <summary>A client of another process sees.</summary>
    public IClusterClient OtherProcess => _cluster.Client;

    /// <summary>A collection name that no other test has.</summary>
    public string NewCollection() => $"c{Guid.NewGuid():n}";

    public IRecordGrain Record(string collection, string id) =>
        _cluster.Client.GetGrain<IRecordGrain>(new RecordKey(collection, id).ToString());

    public IFeedGrain Feed(string collection, int partition = 0) =>
        _cluster.Client.GetGrain<IFeedGrain>(new FeedKey(collection, partition).ToString());

    public ICollectionGrain Collection(string name) => _cluster.Client.GetGrain<ICollectionGrain>(name);

    /// <summary>Makes every record and feed forget what it holds in memory.</summary>
    public Task ForgetMemory() =>
        Services.GetRequiredService<IGrainFactory>().GetGrain<IManagementGrain>(0).ForceActivationCollection(TimeSpan.Zero);
}

[CollectionDefinition(Name)]
public sealed class OnARunningSilo : ICollectionFixture<RunningSilo>
{
    public const string Name = "on a running silo";
}
