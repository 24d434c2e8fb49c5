using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Orleans.Configuration;
using OrleansSync.Grains.Merging;
using OrleansSync.Grains.Records;
using OrleansSync.Grains.Streams;
using OrleansSync.Storage;

namespace OrleansSync.Silo;

/// <summary>Puts a silo into a host: the grains, the store behind them and the streams in front of them.</summary>
public static class SiloHosting
{
    /// <summary>Adds the silo. The store is opened before the silo starts and closed after it has stopped.</summary>
    public static IHostApplicationBuilder AddOrleansSyncSilo(this IHostApplicationBuilder host, SiloSettings settings)
    {
        host.Services.TryAddSingleton(TimeProvider.System);
        host.Services.AddSingleton(new RecordLimits { DataBytes = settings.DataBytes, ClockDrift = settings.ClockDrift });
        host.Services.AddSingleton<SchemaCheck>();
        host.Services.AddSingleton<ICustomPolicy, MaxPolicy>();
        host.Services.AddSingleton<CustomPolicies>();
        AddStore(host.Services, settings);
        host.UseOrleans(silo =>
        {
            UseCluster(silo, settings);
            KeepRecordsBriefly(silo);
            AddFeedStreams(silo);
        });
        return host;
    }

    private static void AddStore(IServiceCollection services, SiloSettings settings)
    {
        services.AddSingleton<ISyncStore>(provider =>
            new SqliteStore(Path.Combine(settings.Data, "orleanssync.db"), provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton<CommitPump>();
        // Registered before Orleans: hosted services start in this order and stop in the other.
        services.AddHostedService<StoreLifetime>();
    }

    private static void UseCluster(ISiloBuilder silo, SiloSettings settings)
    {
        var address = IPAddress.Parse(settings.Address);
        silo.UseLocalhostClustering(
            settings.SiloPort == 0 ? FreePort(address) : settings.SiloPort,
            settings.GatewayPort == 0 ? FreePort(address) : settings.GatewayPort);
        silo.Configure<SiloMessagingOptions>(options => options.ResponseTimeout = TimeSpan.FromSeconds(5));
        silo.Configure<ClientMessagingOptions>(options => options.ResponseTimeout = TimeSpan.FromSeconds(5));
    }

    private static void KeepRecordsBriefly(ISiloBuilder silo) => silo.Configure<GrainCollectionOptions>(options =>
    {
        options.CollectionQuantum = TimeSpan.FromSeconds(30);
        options.CollectionAge = TimeSpan.FromMinutes(3);
        options.EnableActivationSheddingOnMemoryPressure = true;
    });

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
        silo.Configure<SiloMessagingOptions>(options => options.ClientDropTimeout = TimeSpan.FromSeconds(10));
    }

    private static int FreePort(IPAddress address)
    {
        using var probe = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        probe.Bind(new IPEndPoint(address, 0));
        return ((IPEndPoint)probe.LocalEndPoint!).Port;
    }
}
