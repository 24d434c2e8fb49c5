using System.Text;
using OrleansSync.Gateway.Access;
using OrleansSync.Gateway.Http;
using OrleansSync.Protocol;

namespace OrleansSync.Gateway.Feeds;

/// <summary>A collection's feed over HTTP (protocol §8): polled, long polled, or as server-sent events.</summary>
internal sealed class ChangesRoute(FeedRegistry feeds, CallerReader callers, EventStream events)
{
    private const int LongestWait = 60;

    public void Map(IEndpointRouteBuilder routes) => routes.MapGet("/v1/collections/{collection}/changes", Get).Named(
        "ReadChanges", "The feed: what changed since a cursor", "Asked for as text/event-stream it goes on for ever.", query:
        [
            ("since", "a cursor, now, or left out for the beginning"), ("filter", "a JSON object of conditions"),
            ("limit", "changes of a page"), ("wait", "seconds to hold the answer until something concerns the reader"),
        ]);

    private async Task Get(HttpContext http)
    {
        var streams = WantsEvents(http);
        var wait = QueryValues.Number(http, "wait", 1, LongestWait);
        var request = await Read(http, streams);
        http.Response.Headers.CacheControl = "no-store";
        if (streams) await events.Send(http, request);
        else await SendPage(http, await feeds.ReadPage(request, wait is { } seconds ? TimeSpan.FromSeconds(seconds) : null, http.RequestAborted));
    }

    private async ValueTask<FeedRequest> Read(HttpContext http, bool streams)
    {
        var since = QueryValues.Text(http, "since");
        // A browser that reconnects repeats the address and says in the header how far it came.
        if (streams && http.Request.Headers["Last-Event-ID"] is { Count: > 0 } last && last[0] is { Length: > 0 } id) since = id;
        if (since is not null) FeedCursor.Check(since);
        return new()
        {
            Collection = PathRules.Collection(http),
            Filter = QueryValues.Text(http, "filter") is { } filter ? Filter.Parse(Encoding.UTF8.GetBytes(filter)) : null,
            Since = since,
            Limit = QueryValues.Number(http, "limit", 1, feeds.MostChanges) ?? feeds.MostChanges,
            Caller = await callers.Read(http, alsoInQuery: streams),
        };
    }

    private static async Task SendPage(HttpContext http, FeedPage page)
    {
        http.Response.ContentType = MediaTypes.Json;
        http.Response.ContentLength = page.Json.Length;
        await http.Response.Body.WriteAsync(page.Json, http.RequestAborted);
    }

    private static bool WantsEvents(HttpContext http)
    {
        foreach (var accept in http.Request.Headers.Accept)
            if (accept is not null && accept.Contains(EventStream.MediaType, StringComparison.OrdinalIgnoreCase)) return true;
        return false;
    }
}
