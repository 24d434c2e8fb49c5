using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Orleans.Configuration;
using Orleans.Runtime.Hosting;
using OrleansSync.Grains.Collections;
using OrleansSync.Grains.Feeds;
using OrleansSync.Grains.Merging;
using OrleansSync.Grains.Placement;
using OrleansSync.Grains.Records;
using OrleansSync.Grains.Streams;
using OrleansSync.Silo.Cluster;
using OrleansSync.Storage;
using OrleansSync.Storage.Postgres;
using OrleansSync.Storage.Sqlite;

namespace OrleansSync.Silo;

/// <summary>Puts OrleansSync into a host: a silo with the grains, the store behind them and the streams in front of them.</summary>
public static class SiloHosting
{
    /// <summary>Adds a silo: with SQLite the only one, with PostgreSQL a member of the cluster that the settings name.</summary>
    public static IHostApplicationBuilder AddOrleansSyncSilo(this IHostApplicationBuilder host, SiloSettings settings)
    {
        host.UseOrleans(silo =>
        {
            if (settings.IsCluster) silo.UsePostgresMembership(settings);
            else UseOwnMembership(silo, settings);
            silo.AddOrleansSync(settings);
        });
        return host;
    }

    /// <summary>Adds what is ours to a silo whose cluster is configured elsewhere.</summary>
    public static ISiloBuilder AddOrleansSync(this ISiloBuilder silo, SiloSettings settings)
    {
        AddStore(silo.Services, settings);
        AddRules(silo.Services, settings);
        silo.Services.AddHostedService<DueConflicts>();
        AddFeedPlacement(silo);
        AddFeedStreams(silo, settings);
        KeepGrainsBriefly(silo);
        AnswerOrGiveUpSoon(silo);
        return silo;
    }

    private static void UseOwnMembership(ISiloBuilder silo, SiloSettings settings)
    {
        var address = IPAddress.Parse(settings.Address);
        silo.UseLocalhostClustering(
            settings.SiloPort is > 0 and var port ? port : FreePort(address),
            settings.GatewayPort is > 0 and var gatewayPort ? gatewayPort : FreePort(address));
    }

    private static void AddStore(IServiceCollection services, SiloSettings settings)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton(provider => Store(settings, provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton(provider => new CommitPump(provider.GetRequiredService<ISyncStore>()));
        services.AddSingleton<ILifecycleParticipant<ISiloLifecycle>, StoreLifetime>();
    }

    private static ISyncStore Store(SiloSettings settings, TimeProvider clock) => settings.IsCluster
        ? new PostgresStore(settings.Postgres!, clock)
        : new SqliteStore(Path.Combine(settings.Data, "orleanssync.db"), clock);

    private static void AddRules(IServiceCollection services, SiloSettings settings)
    {
        services.AddSingleton(new RecordLimits { DataBytes = settings.DataBytes, ClockDrift = settings.ClockDrift });
        services.AddSingleton<SchemaCheck>();
        services.AddCustomPolicy<MaxPolicy>();
        services.AddSingleton<CustomPolicies>();
        services.AddSingleton<IConfigurationValidator, PolicyCheck>();
    }

    private static void AddFeedPlacement(ISiloBuilder silo)
    {
        silo.Services
            .AddSingleton<PartitionCounts>()
            .AddSingleton<FeedHomes>()
            .AddSingleton<FeedDesks>()
            .AddSingleton<FeedLeases>()
            .AddHostedService(services => services.GetRequiredService<FeedLeases>());
        silo.AddPlacementDirector<AtFeedHome, AtFeedHomeDirector>();
        silo.AddPlacementDirector<BesideItsFeed, BesideItsFeedDirector>();
    }

    private static void AddFeedStreams(ISiloBuilder silo, SiloSettings settings)
    {
        const string Subscriptions = "PubSubStore";
        if (settings.IsCluster)
            silo.Services.AddGrainStorage(Subscriptions, (services, _) => ActivatorUtilities.CreateInstance<SubscriptionStorage>(services, settings));
        else
            silo.AddMemoryGrainStorage(Subscriptions);
        silo.AddPersistentStreams(FeedQueues.Provider, FeedQueueAdapter.Create, streams => streams.ConfigurePullingAgent(agents =>
            agents.Configure(options =>
            {
                // The receiver waits by itself; the timer only starts it again after it came back empty.
                options.GetQueueMsgsTimerPeriod = TimeSpan.FromMilliseconds(10);
                options.BatchContainerBatchSize = 100;
                // A subscriber that does not answer holds its queue up for so long.
                options.MaxEventDeliveryTime = TimeSpan.FromSeconds(4);
            })));
    }

    private static void KeepGrainsBriefly(ISiloBuilder silo) => silo.Configure<GrainCollectionOptions>(options =>
    {
        options.CollectionQuantum = TimeSpan.FromSeconds(30);
        options.CollectionAge = TimeSpan.FromMinutes(3);
        options.EnableActivationSheddingOnMemoryPressure = true;
    });

    private static void AnswerOrGiveUpSoon(ISiloBuilder silo) => silo.Configure<SiloMessagingOptions>(options =>
    {
        options.ResponseTimeout = TimeSpan.FromSeconds(4);
        options.ClientDropTimeout = TimeSpan.FromSeconds(5);
    });

    private static int FreePort(IPAddress address)
    {
        using var probe = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        probe.Bind(new IPEndPoint(address, 0));
        return ((IPEndPoint)probe.LocalEndPoint!).Port;
    }
}
