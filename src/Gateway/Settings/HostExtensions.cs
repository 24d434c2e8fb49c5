using Microsoft.Extensions.Configuration.Memory;

namespace OrleansSync.Gateway.Settings;

/// <summary>The host around the edge: Kestrel's limits, a quiet log, an end within ten seconds.</summary>
internal static class HostExtensions
{
    private static readonly TimeSpan DrainTime = TimeSpan.FromSeconds(8);

    public static void AddHost(this WebApplicationBuilder builder, ServerSettings settings)
    {
        builder.WebHost.UseUrls(settings.Urls);
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = settings.Limits.BodyBytes == int.MaxValue ? null : settings.Limits.BodyBytes;
            kestrel.Limits.MaxConcurrentConnections = settings.Limits.Connections == int.MaxValue ? null : settings.Limits.Connections;
        });
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = DrainTime);
        builder.Configuration.Sources.Insert(0, new MemoryConfigurationSource { InitialData = QuietLog });
    }

    /// <summary>Below every other source, so that an operator who looks for something may ask for more.</summary>
    private static readonly Dictionary<string, string?> QuietLog = new()
    {
        ["Logging:LogLevel:Default"] = "Warning",
        ["Logging:LogLevel:OrleansSync"] = "Information",
    };

    /// <summary>Says where the server is and three commands to paste: write, follow, edit.</summary>
    public static void AnnounceOnStart(this WebApplication app) => app.Lifetime.ApplicationStarted.Register(() =>
    {
        var url = app.Urls.FirstOrDefault() ?? "";
        Console.Out.WriteLine($"""
            OrleansSync listens on {string.Join(" ", app.Urls)}. Try, each in a terminal:
            curl -X PUT {url}/v1/collections/todos/records/t1 -H 'Content-Type: application/json' -d '{"{"}"title":"Buy milk"{"}"}'
            curl -N '{url}/v1/collections/todos/changes' -H 'Accept: text/event-stream'
            curl -X PATCH {url}/v1/collections/todos/records/t1 -H 'Content-Type: application/json' -d '{"{"}"title":"Buy oat milk"{"}"}'
            """);
        if (!app.Services.GetRequiredService<ServerSettings>().Auth.Required)
            app.Services.GetRequiredService<ILoggerFactory>().CreateLogger("OrleansSync.Gateway").Open();
    });
}

internal static partial class HostLog
{
    [LoggerMessage(1, LogLevel.Warning, "Neither Auth:Key nor Auth:Authority is set: everybody is anonymous and may read, write and administer")]
    public static partial void Open(this ILogger log);
}
