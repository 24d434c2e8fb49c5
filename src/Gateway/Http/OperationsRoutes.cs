using OrleansSync.Grains.Collections;
using OrleansSync.Protocol;

namespace OrleansSync.Gateway.Http;

/// <summary>The time, and whether the process lives and can write: what clients measure drift by and what orchestrators ask.</summary>
internal sealed class OperationsRoutes(IGrainFactory grains, TimeProvider clock, IHostApplicationLifetime lifetime)
{
    // Any name does: it is only looked up.
    private const string Probed = "ready";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/v1/time", Time).Named("ReadTime", "The server's time", "Lets a client measure its drift.");
        routes.MapGet("/health/live", Live).Named("ReadLiveness", "Whether the process lives", "200 while it does.");
        routes.MapGet("/health/ready", Ready).Named("ReadReadiness", "Whether writes would succeed", "200 when they would, else 503.");
    }

    private async Task Time(HttpContext http)
    {
        using var body = new AnswerBuffer();
        var json = new JsonOut(body);
        json.Raw("{\"timestamp\":"u8);
        json.Instant(Timestamp.Now(clock));
        json.Raw('}');
        json.End();
        await Answer.Json(http, StatusCodes.Status200OK, body);
    }

    private static Task Live(HttpContext http) => Status(http, "live");

    /// <summary>Asks a grain that has to ask the store: what a write needs, without writing.</summary>
    private async Task Ready(HttpContext http)
    {
        if (lifetime.ApplicationStopping.IsCancellationRequested)
            throw new RefusedException(Codes.Unavailable, "The server is stopping.");
        try
        {
            await grains.GetGrain<ICollectionGrain>(Probed).Read().WaitAsync(Patience, clock, http.RequestAborted);
        }
        catch (Exception) when (!http.RequestAborted.IsCancellationRequested)
        {
            throw new RefusedException(Codes.Unavailable, "The store cannot be reached yet.");
        }
        await Status(http, "ready");
    }

    private static async Task Status(HttpContext http, string status)
    {
        using var body = new AnswerBuffer();
        var json = new JsonOut(body);
        json.Raw("{\"status\":"u8);
        json.String(status);
        json.Raw('}');
        json.End();
        await Answer.Json(http, StatusCodes.Status200OK, body);
    }
}
