using Orleans.Configuration;
using OrleansSync.Grains.Records;
using OrleansSync.Grains.Streams;
using OrleansSync.Silo.Cluster;

namespace OrleansSync.Silo;

/// <summary>Puts a way to the silos of a cluster into a host that has none itself: a gateway alone.</summary>
public static class ClientHosting
{
    /// <summary>Adds it; <see cref="ClusterConnection"/> says whether a silo was found.</summary>
    public static IHostApplicationBuilder AddOrleansSyncClient(this IHostApplicationBuilder host, SiloSettings settings)
    {
        var others = host.Services.Count(IsHosted);
        host.UseOrleansClient(client =>
        {
            client.UsePostgresMembership(settings);
            client.UseConnectionRetryFilter(async (_, cancel) =>
            {
                await Task.Delay(ClusterConnection.LookPeriod, cancel);
                return true;
            });
            client.AddPersistentStreams(FeedQueues.Provider, FeedQueueAdapter.Create, _ => { });
            client.Configure<ClientMessagingOptions>(options => options.ResponseTimeout = TimeSpan.FromSeconds(3));
        });
        StartBeside(host.Services, others, settings);

        // What is asked of a collection's settings before they are stored.
        host.Services.AddSingleton<SchemaCheck>();
        return host;
    }

    /// <summary>Orleans would hold up the start of the process until a silo is there.</summary>
    private static void StartBeside(IServiceCollection services, int others, SiloSettings settings)
    {
        foreach (var own in services.Where(IsHosted).Skip(others).ToArray()) services.Remove(own);
        services.AddSingleton(provider => new ClusterConnection(provider.GetRequiredService<IClusterClient>(), settings));
        services.AddHostedService(provider => provider.GetRequiredService<ClusterConnection>());
    }

    private static bool IsHosted(ServiceDescriptor service) => service.ServiceType == typeof(IHostedService);
}
