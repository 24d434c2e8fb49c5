using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Http.Features;

namespace OrleansSync.Silo;

/// <summary>
/// A silo alone: a member of a cluster on PostgreSQL, with gateways in processes of their own. (With SQLite one process holds the data:
/// the gateway's, which serves it too.) Ours runs it as it is, yours may add to it.
/// </summary>
public static class SyncSilo
{
    /// <summary>
    /// Runs until it is told to end, by the settings of command line, environment and appsettings.json (docs/settings.md).
    /// The exit code: 1, and one line on standard error, where it could not start as it was told.
    /// </summary>
    /// <param name="register">What a silo does not bring itself, such as <c>services.AddCustomPolicy&lt;LongestText&gt;()</c>.</param>
    public static Task<int> Run(string[] args, Action<IServiceCollection>? register = null) => Run(args, Console.Error, register);

    internal static Task<int> Run(string[] args, TextWriter errors, Action<IServiceCollection>? register = null) =>
        ProcessHost.Run(errors, () => Build(args, register));

    private static WebApplication Build(string[] args, Action<IServiceCollection>? register)
    {
        var builder = WebApplication.CreateBuilder(["--hostBuilder:reloadConfigOnChange=false", .. args]);
        var values = new SettingValues(builder.Configuration);
        var settings = SiloSettingsFrom.Configuration(values);
        builder.AddProcess();
        builder.AddOrleansSyncSilo(settings);
        builder.Services.AddSingleton<Readiness>();
        register?.Invoke(builder.Services);
        // Its health is shown where somebody asks for it; a silo has nothing else to serve.
        if (SiloSettingsFrom.Urls(values) is { } urls) builder.WebHost.UseUrls(urls);
        else builder.Services.AddSingleton<IServer, NoServer>();

        var app = builder.Build();
        app.MapGet("/health/live", () => Results.Json(new { status = "live" }));
        app.MapGet("/health/ready", async (Readiness readiness, CancellationToken gone) => await readiness.WhyNot(gone) is { } why
            ? Results.Json(new { status = "unavailable", detail = why }, statusCode: StatusCodes.Status503ServiceUnavailable)
            : Results.Json(new { status = "ready" }));
        app.Lifetime.ApplicationStarted.Register(() => Console.Out.WriteLine(
            $"OrleansSync silo {settings.Address}:{settings.SiloPort} serves the cluster {settings.ClusterId}; gateways reach it at port {settings.GatewayPort}."));
        return app;
    }

    private sealed class NoServer : IServer
    {
        public IFeatureCollection Features { get; } = new FeatureCollection();

        public Task StartAsync<TContext>(IHttpApplication<TContext> application, CancellationToken cancellationToken) where TContext : notnull =>
            Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public void Dispose() { }
    }
}
