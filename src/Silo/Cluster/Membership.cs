using System.Net;
using Orleans.Configuration;

namespace OrleansSync.Silo.Cluster;

/// <summary>
/// How silos find each other and notice that one has died, through PostgreSQL. The times were measured: a killed silo's records are writable
/// again after about a second.
/// </summary>
internal static class Membership
{
    public static void UsePostgresMembership(this ISiloBuilder silo, SiloSettings settings)
    {
        silo.Configure<ClusterOptions>(options => Name(options, settings));
        silo.ConfigureEndpoints(IPAddress.Parse(settings.Address), settings.SiloPort!.Value, settings.GatewayPort!.Value);
        silo.Configure<SiloOptions>(options => options.SiloName = $"{settings.Address}:{settings.SiloPort}");
        silo.UseAdoNetClustering(options =>
        {
            options.Invariant = "Npgsql";
            options.ConnectionString = ClusterDatabase.Brisk(settings.Postgres!);
        });
        silo.Configure<ClusterMembershipOptions>(NoticeSoon);
        // Its silos are named after their pods.
        if (settings.Kubernetes) silo.UseKubernetesHosting();
        silo.Services.AddSingleton<IFatalErrorHandler, PlainEnd>();
        silo.Services.AddHostedService<MemberNews>();
        silo.Services.AddHostedService<Reach>();
        silo.Services.AddSingleton(new ClusterDatabase(settings));
        silo.Services.AddSingleton<ILifecycleParticipant<ISiloLifecycle>, ClusterDatabaseLifetime>();
    }

    public static void UsePostgresMembership(this IClientBuilder client, SiloSettings settings)
    {
        client.Configure<ClusterOptions>(options => Name(options, settings));
        client.UseAdoNetClustering(options =>
        {
            options.Invariant = "Npgsql";
            options.ConnectionString = ClusterDatabase.Brisk(settings.Postgres!);
        });
        client.Configure<GatewayOptions>(options => options.GatewayListRefreshPeriod = TimeSpan.FromSeconds(3));
    }

    private static void Name(ClusterOptions options, SiloSettings settings) =>
        (options.ClusterId, options.ServiceId) = (settings.ClusterId, settings.ServiceId);

    private static void NoticeSoon(ClusterMembershipOptions options)
    {
        options.ProbeTimeout = TimeSpan.FromMilliseconds(500);
        options.NumMissedProbesLimit = 2;
        options.NumVotesForDeathDeclaration = 1;
        options.TableRefreshTimeout = TimeSpan.FromSeconds(5);
        // Those that the table calls active, but that have not said so for long, need not be waited for: after all died, a start takes this long.
        options.IAmAliveTablePublishTimeout = TimeSpan.FromSeconds(5);
        options.NumMissedTableIAmAliveLimit = 2;
        options.DefunctSiloExpiration = TimeSpan.FromHours(1);
        options.DefunctSiloCleanupPeriod = TimeSpan.FromMinutes(10);
    }
}

/// <summary>Has the cluster's tables made before membership asks for them.</summary>
internal sealed class ClusterDatabaseLifetime(ClusterDatabase database) : ILifecycleParticipant<ISiloLifecycle>
{
    public void Participate(ISiloLifecycle lifecycle) =>
        lifecycle.Subscribe(nameof(ClusterDatabase), ServiceLifecycleStage.First, database.Open);
}
