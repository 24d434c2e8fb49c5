using OpenTelemetry.Metrics;

namespace OrleansSync.Gateway.Settings;

/// <summary>What is measured and where it is read: /metrics, in the text form of Prometheus.</summary>
internal static class MetricsExtensions
{
    public static IServiceCollection AddMetricsExport(this IServiceCollection services)
    {
        services.AddOpenTelemetry().WithMetrics(metrics => metrics
            .AddMeter("OrleansSync.*", "Microsoft.Orleans", "Microsoft.AspNetCore.Hosting", "Microsoft.AspNetCore.Server.Kestrel", "System.Runtime")
            .AddPrometheusExporter());
        return services;
    }

    public static void MapMetricsExport(this WebApplication app) => app.MapPrometheusScrapingEndpoint("/metrics");
}
