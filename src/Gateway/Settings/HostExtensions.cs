using OrleansSync.Silo;

namespace OrleansSync.Gateway.Settings;

/// <summary>The host around the edge: Kestrel's limits, and what stands behind: a silo in the same process, or those of others.</summary>
internal static class HostExtensions
{
    private const int SpareConnections = 1000;

    public static void AddHost(this WebApplicationBuilder builder, ServerSettings settings)
    {
        builder.AddProcess();
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
    }

    public static void AddGrains(this WebApplicationBuilder builder, ServerSettings settings)
    {
        builder.Services.AddSingleton<Readiness>();
        if (settings.RunsSilo) builder.AddOrleansSyncSilo(settings.Silo);
        else builder.AddOrleansSyncClient(settings.Silo);
    }
}
