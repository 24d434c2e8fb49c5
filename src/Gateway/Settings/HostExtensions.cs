using Microsoft.Extensions.Configuration.Memory;
using OrleansSync.Silo;

namespace OrleansSync.Gateway.Settings;

/// <summary>The host around the edge: Kestrel's limits, a quiet log, an end within ten seconds.</summary>
internal static class HostExtensions
{
    private const int SpareConnections = 1000;
    private static readonly TimeSpan DrainTime = TimeSpan.FromSeconds(8);

    public static void AddHost(this WebApplicationBuilder builder, ServerSettings settings)
    {
        builder.WebHost.UseUrls(settings.Urls);
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            // Whoever reads a body keeps to the limit: then a client gets its answer instead of a reset.
            kestrel.Limits.MaxRequestBodySize = null;
            // Transports refuse politely at the limit; this is the hard end behind it.
            if (settings.Limits.Connections < int.MaxValue - SpareConnections)
                kestrel.Limits.MaxConcurrentConnections = settings.Limits.Connections + SpareConnections;
        });
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = DrainTime);
        builder.Configuration.Sources.Insert(0, new MemoryConfigurationSource { InitialData = QuietLog });
    }

    /// <summary>Below every other source, so that an operator who looks for something may ask for more.</summary>
    private static readonly Dictionary<string, string?> QuietLog = new()
    {
        ["Logging:LogLevel:Default"] = "Warning",
        ["Logging:LogLevel:OrleansSync"] = "Information",
        // It warns of its own first round, which counts from when the machine was started.
        ["Logging:LogLevel:Orleans.Runtime.Watchdog"] = "Error",
        // A start that fails is told in one line, see StartFailure.
        ["Logging:LogLevel:Microsoft.Extensions.Hosting.Internal.Host"] = "Critical",
        // Every retry of a placement, twice: the failure itself is logged where it is answered.
        ["Logging:LogLevel:Polly"] = "None",
    };

    /// <summary>The silo in the same process (role all).</summary>
    public static void AddSilo(this WebApplicationBuilder builder, ServerSettings settings) => builder.AddOrleansSyncSilo(new()
    {
        Data = settings.Data,
        Address = settings.Cluster.Address ?? "127.0.0.1",
        SiloPort = settings.Cluster.SiloPort ?? 0,
        GatewayPort = settings.Cluster.GatewayPort ?? 0,
        DataBytes = settings.Limits.DataBytes,
        ClockDrift = settings.ClockDrift,
    });
}
