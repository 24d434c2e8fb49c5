using OrleansSync.Protocol;
using OrleansSync.Silo;

namespace OrleansSync.Gateway.Http;

/// <summary>The time, and whether the process lives and can write: what clients measure drift by and what orchestrators ask.</summary>
internal sealed class OperationsRoutes(Readiness readiness, TimeProvider clock)
{
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

    private async Task Ready(HttpContext http)
    {
        if (await readiness.WhyNot(http.RequestAborted) is { } why) throw new RefusedException(Codes.Unavailable, why);
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
