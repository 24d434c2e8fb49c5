using Microsoft.Extensions.Configuration.Memory;

namespace OrleansSync.Silo;

/// <summary>What every process of ours has around it: a quiet log, an end within ten seconds.</summary>
public static class ProcessHost
{
    private static readonly TimeSpan DrainTime = TimeSpan.FromSeconds(8);

    /// <summary>Below every other source, so that an operator who looks for something may ask for more.</summary>
    private static readonly Dictionary<string, string?> QuietLog = new()
    {
        ["Logging:LogLevel:Default"] = "Warning",
        ["Logging:LogLevel:OrleansSync"] = "Information",
        // It warns of its own first round, which counts from when the machine was started.
        ["Logging:LogLevel:Orleans.Runtime.Watchdog"] = "Error",
        // When another process of the cluster ends, each of these tells of it many times, with stacks. Membership says it once.
        ["Logging:LogLevel:Orleans.Runtime.Messaging"] = "Error",
        ["Logging:LogLevel:Orleans.Messaging"] = "None",
        ["Logging:LogLevel:Orleans.Runtime.CallbackData"] = "Error",
        ["Logging:LogLevel:Orleans.Runtime.MembershipService.SiloHealthMonitor"] = "Error",
        ["Logging:LogLevel:Orleans.Runtime.Metadata.ClusterManifestProvider"] = "Error",
        ["Logging:LogLevel:Orleans.Runtime.GrainCallCancellationManager"] = "None",
        ["Logging:LogLevel:Orleans.Streams"] = "None",
        // A start that fails is told in one line, see StartFailure.
        ["Logging:LogLevel:Microsoft.Extensions.Hosting.Internal.Host"] = "Critical",
        // Every retry of a placement, twice: the failure itself is logged where it is answered.
        ["Logging:LogLevel:Polly"] = "None",
    };

    /// <summary>
    /// Builds and runs a process until it is told to end. The exit code: 1, and one line, where it could not start as it was told.
    /// </summary>
    public static async Task<int> Run(TextWriter errors, Func<WebApplication> build)
    {
        try
        {
            await using var app = build();
            await app.RunAsync();
            return 0;
        }
        catch (Exception failure) when (StartFailure.LineOf(failure) is { } line)
        {
            await errors.WriteLineAsync(line);
            return 1;
        }
    }

    /// <summary>Adds them to a process that is about to be built.</summary>
    public static void AddProcess(this IHostApplicationBuilder builder)
    {
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = DrainTime);
        builder.Configuration.Sources.Insert(0, new MemoryConfigurationSource { InitialData = QuietLog });
    }
}
