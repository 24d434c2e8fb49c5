using OrleansSync.Gateway.Access;
using OrleansSync.Gateway.Feeds;
using OrleansSync.Gateway.Http;
using OrleansSync.Gateway.Presence;
using OrleansSync.Gateway.Settings;
using OrleansSync.Gateway.SignalR;
using OrleansSync.Gateway.Sockets;
using OrleansSync.Gateway.Writes;
using OrleansSync.Silo;

namespace OrleansSync.Gateway;

/// <summary>The process: what it is made of, in the order requests meet it. Ours runs it as it is, yours may add to it.</summary>
public static class SyncServer
{
    /// <summary>
    /// Serves until it is told to end, by the settings of command line, environment and appsettings.json (docs/settings.md).
    /// The exit code: 1, and one line on standard error, where it could not start as it was told.
    /// </summary>
    /// <param name="register">What the server does not bring itself, such as <c>services.AddCustomPolicy&lt;LongestText&gt;()</c>.</param>
    public static Task<int> Run(string[] args, Action<IServiceCollection>? register = null) => Run(args, Console.Error, register);

    internal static Task<int> Run(string[] args, TextWriter errors, Action<IServiceCollection>? register = null) =>
        ProcessHost.Run(errors, () => Build(args, register));

    /// <summary>Throws <see cref="WrongSettingException"/> where a setting cannot be meant.</summary>
    internal static WebApplication Build(string[] args, Action<IServiceCollection>? register = null)
    {
        // Settings are read once. Watching their file would watch the folder, and with it every write to the database below it.
        var builder = WebApplication.CreateBuilder(["--hostBuilder:reloadConfigOnChange=false", .. args]);
        var settings = SettingsFrom.Configuration(builder.Configuration);

        builder.AddHost(settings);
        builder.AddGrains(settings);
        builder.Services
            .AddSingleton(settings)
            .AddSingleton(TimeProvider.System)
            .AddAccess()
            .AddWrites()
            .AddFeeds()
            .AddPresence()
            .AddSockets()
            .AddSignalRTransport()
            .AddMetricsExport()
            .AddHttpRoutes();
        register?.Invoke(builder.Services);

        var app = builder.Build();
        app.UseMiddleware<CorsAnswers>();
        app.UseMiddleware<ProblemAnswers>();
        if (!settings.RunsSilo) app.UseMiddleware<ClusterDoor>();
        app.UseRouting();
        app.MapHttpRoutes();
        app.MapFeeds();
        app.MapSocket();
        app.MapSignalRTransport();
        app.MapMetricsExport();
        app.AnnounceOnStart();
        return app;
    }
}
