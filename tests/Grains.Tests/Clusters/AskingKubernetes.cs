using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Npgsql;
using Orleans.Hosting.Kubernetes;
using OrleansSync.Postgres;
using OrleansSync.Silo;

namespace OrleansSync.Grains.Tests.Clusters;

/// <summary>Where Kubernetes knows better than any probe who is there.</summary>
public sealed class AskingKubernetes
{
    private const int Active = 3;
    private const int Dead = 6;

    [Fact]
    public async Task A_silo_is_named_after_its_pod_and_one_whose_pod_is_gone_is_dead_at_once()
    {
        await using var postgres = await TemporaryPostgres.Start();
        var database = await postgres.CreateDatabase();
        await using var kubernetes = await PodsOfKubernetes.Start("pod-a");
        using (var first = Silo(database, kubernetes)) await Run(first);
        await Execute(database, $"""
            insert into cluster_members select cluster, '10.1.2.3', 11111, 7, 'pod-gone', 'gone', {Active}, 30000, null, now(), now() from cluster_versions
            """);

        using var silo = Silo(database, kubernetes);
        await silo.StartAsync();

        Assert.Equal(Active, await Read(database, "select status from cluster_members where siloname = 'pod-a' order by generation desc limit 1"));
        Assert.Equal(Dead, await Read(database, "select status from cluster_members where siloname = 'pod-gone'"));
        Assert.Contains("\"orleans/clusterId\": \"orleanssync\"", kubernetes.Patched, StringComparison.Ordinal);
        await silo.StopAsync();
    }

    private static async Task Run(IHost silo)
    {
        await silo.StartAsync();
        await silo.StopAsync();
    }

    private static IHost Silo(string database, PodsOfKubernetes kubernetes)
    {
        // As Kubernetes, and the manifest, give them to a pod.
        Environment.SetEnvironmentVariable("KUBERNETES_SERVICE_HOST", "127.0.0.1");
        Environment.SetEnvironmentVariable("POD_NAME", kubernetes.Pod);
        Environment.SetEnvironmentVariable("POD_NAMESPACE", PodsOfKubernetes.Namespace);
        Environment.SetEnvironmentVariable("POD_IP", "127.0.0.1");
        var host = Host.CreateApplicationBuilder();
        host.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["Store"] = "postgres",
            ["ConnectionStrings:Postgres"] = database,
            ["Cluster:SiloPort"] = "0",
            ["Cluster:GatewayPort"] = "0",
            ["Cluster:Kubernetes"] = "true",
        });
        host.AddOrleansSyncSilo(SiloSettingsFrom.Configuration(new(host.Configuration)));
        host.Services.Configure<KubernetesHostingOptions>(options => options.GetClientConfiguration = () => new() { Host = kubernetes.Address, Namespace = PodsOfKubernetes.Namespace });
        return host.Build();
    }

    private static async Task Execute(string database, string sql)
    {
        await using var connection = await Open(database);
        await using var command = new NpgsqlCommand(sql, connection);
        Assert.Equal(1, await command.ExecuteNonQueryAsync());
    }

    private static async Task<object?> Read(string database, string sql)
    {
        await using var connection = await Open(database);
        await using var command = new NpgsqlCommand(sql, connection);
        return await command.ExecuteScalarAsync();
    }

    private static async Task<NpgsqlConnection> Open(string database)
    {
        var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(database) { SearchPath = "orleanssync" }.ConnectionString);
        await connection.OpenAsync();
        return connection;
    }
}
