using OrleansSync.Gateway.Access;

namespace OrleansSync.Gateway.Http;

/// <summary>
/// Tells browsers which origins may call (protocol §3) and answers their preflights. Credentials are allowed for SignalR alone, whose
/// browser client asks with them by default: cookies are never used.
/// </summary>
internal sealed class CorsAnswers(RequestDelegate next, OriginRules origins)
{
    private const string Methods = "GET, POST, PUT, PATCH, DELETE, OPTIONS";
    private const string Exposed = "ETag, Location, Retry-After";
    private const string Headers =
        "Authorization, Content-Type, Accept, If-Match, If-None-Match, Sync-Base, Sync-Timestamp, Sync-Client, Idempotency-Key, "
        + "Last-Event-ID, Cache-Control, X-Requested-With, X-SignalR-User-Agent";
    private const string PreflightSeconds = "600";

    public Task Invoke(HttpContext http)
    {
        var origin = http.Request.Headers.Origin.ToString();
        if (origin.Length == 0) return next(http);

        var answer = http.Response.Headers;
        answer.Append("Vary", "Origin");
        var allowed = origins.Allows(origin);
        if (allowed)
        {
            answer.AccessControlAllowOrigin = origin;
            answer.AccessControlExposeHeaders = Exposed;
            if (http.Request.Path.StartsWithSegments("/v1/sync")) answer.AccessControlAllowCredentials = "true";
        }
        return IsPreflight(http.Request) ? Preflight(http, allowed) : next(http);
    }

    private static bool IsPreflight(HttpRequest request) =>
        HttpMethods.IsOptions(request.Method) && request.Headers.AccessControlRequestMethod.Count > 0;

    private static Task Preflight(HttpContext http, bool allowed)
    {
        http.Response.StatusCode = StatusCodes.Status204NoContent;
        if (!allowed) return Task.CompletedTask;
        var answer = http.Response.Headers;
        answer.AccessControlAllowMethods = Methods;
        answer.AccessControlAllowHeaders = Headers;
        answer.AccessControlMaxAge = PreflightSeconds;
        return Task.CompletedTask;
    }
}
