using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Orleans.Configuration;
using OrleansSync.Grains.Merging;
using OrleansSync.Grains.Records;
using OrleansSync.Grains.Streams;
using OrleansSync.Storage;
using OrleansSync.Storage.Sqlite;

namespace OrleansSync.Silo;

/// <summary>Puts OrleansSync into a host: a silo with the grains, the store behind them and the streams in front of them.</summary>
public static class SiloHosting
{
    /// <summary>Adds a silo of one process with its own membership.</summary>
    public static IHostApplicationBuilder AddOrleansSyncSilo(this IHostApplicationBuilder host, SiloSettings settings)
    {
        host.UseOrleans(silo =>
        {
            UseOwnMembership(silo, settings);
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
        AddFeedStreams(silo);
        KeepGrainsBriefly(silo);
        AnswerOrGiveUpSoon(silo);
        return silo;
    }

    private static void UseOwnMembership(ISiloBuilder silo, SiloSettings settings)
    {
        var address = IPAddress.Parse(settings.Address);
        silo.UseLocalhostClustering(
            settings.SiloPort == 0 ? FreePort(address) : settings.SiloPort,
            settings.GatewayPort == 0 ? FreePort(address) : settings.GatewayPort);
    }

    private static void AddStore(IServiceCollection services, SiloSettings settings)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton<ISyncStore>(provider =>
            new SqliteStore(Path.Combine(settings.Data, "orleanssync.db"), provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton(provider => new CommitPump(provider.GetRequiredService<ISyncStore>()));
        services.AddSingleton<ILifecycleParticipant<ISiloLifecycle>, StoreLifetime>();
    }

    private static void AddRules(IServiceCollection services, SiloSettings settings)
    {
        services.AddSingleton(new RecordLimits { DataBytes = settings.DataBytes, ClockDrift = settings.ClockDrift });
        services.AddSingleton<SchemaCheck>();
        services.AddCustomPolicy<MaxPolicy>();
        services.AddSingleton<CustomPolicies>();
        services.AddSingleton<IConfigurationValidator, PolicyCheck>();
    }

    private static void AddFeedStreams(ISiloBuilder silo)
    {
        silo.AddMemoryGrainStorage("PubSubStore");
        silo.AddPersistentStreams(FeedQueues.Provider, FeedQueueAdapter.Create, streams => streams.ConfigurePullingAgent(agents =>
            agents.Configure(options =>
            {
                // The receiver waits by itself; the timer only starts it again after it came back empty.
                options.GetQueueMsgsTimerPeriod = TimeSpan.FromMilliseconds(10);
                options.BatchContainerBatchSize = 100;
                options.MaxEventDeliveryTime = TimeSpan.FromSeconds(10);
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
        options.ResponseTimeout = TimeSpan.FromSeconds(5);
        options.ClientDropTimeout = TimeSpan.FromSeconds(10);
    });

    private static int FreePort(IPAddress address)
    {
        using var probe = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        probe.Bind(new IPEndPoint(address, 0));
        return ((IPEndPoint)probe.LocalEndPoint!).Port;
    }
}
