using System.Text;
using OrleansSync.Gateway.Access;
using OrleansSync.Gateway.Feeds;
using OrleansSync.Protocol;

namespace OrleansSync.Gateway.Http;

/// <summary>One record, as it is now or as soon as it moves.</summary>
internal sealed class RecordRoutes(
    CallerReader callers, ReadGate gate, FeedRegistry feeds, TimeProvider clock, IHostApplicationLifetime lifetime)
{
    public const string Path = "/v1/collections/{collection}/records/{record}";
    private const int LongestWaitSeconds = 60;

    public void Map(IEndpointRouteBuilder routes) => routes.MapGet(Path, Get).Named(
        "ReadRecord", "One record", "410 with the tombstone as record where it was deleted. If-None-Match: \"7\" gives an empty 304 while that is the version.",
        query: [("wait", "1–60 seconds: with If-None-Match, holds the answer until the record moves, else 304")]);

    private async Task Get(HttpContext http)
    {
        var collection = PathRules.Collection(http);
        var id = PathRules.Record(http);
        var wait = QueryValues.Number(http, "wait", 1, LongestWaitSeconds);
        var caller = await callers.Read(http);

        if (wait is { } seconds && http.Request.Headers.IfNoneMatch.Count > 0)
            await ShowMoved(http, collection, id, caller, TimeSpan.FromSeconds(seconds));
        else
            await Show(http, await gate.Read(collection, id, caller));
    }

    /// <summary>The feed is opened before the record is read: a version that comes in between is on the feed.</summary>
    private async Task ShowMoved(HttpContext http, string collection, string id, Caller caller, TimeSpan wait)
    {
        using var until = CancellationTokenSource.CreateLinkedTokenSource(http.RequestAborted, lifetime.ApplicationStopping);
        var request = new FeedRequest
        {
            Collection = collection,
            Filter = Filter.Parse(Encoding.UTF8.GetBytes($"{{\"$id\":\"{id}\"}}")),
            Since = FeedRequest.Now,
            Caller = caller,
        };
        var started = clock.GetTimestamp();
        var here = (await feeds.ReadPage(request, null, until.Token)).Cursor;
        var record = await gate.Read(collection, id, caller);
        while (record is not null && EntityTags.Has(http.Request.Headers.IfNoneMatch, EntityTags.Of(record.Version)))
        {
            var left = wait - clock.GetElapsedTime(started);
            if (left <= TimeSpan.Zero || await NextPage(request with { Since = here }, left, until.Token) is not { } page)
            {
                await Answer.NotModified(http, EntityTags.Of(record.Version));
                return;
            }
            here = page.Cursor;
            record = await gate.Read(collection, id, caller);
        }
        await Show(http, record);
    }

    /// <summary>Null when the server stops: the client comes back elsewhere.</summary>
    private async Task<FeedPage?> NextPage(FeedRequest request, TimeSpan wait, CancellationToken until)
    {
        try
        {
            return await feeds.ReadPage(request, wait, until);
        }
        catch (OperationCanceledException) when (lifetime.ApplicationStopping.IsCancellationRequested)
        {
            return null;
        }
    }

    /// <summary>Answers with a record as it is or was: itself, 304, 410 for a tombstone, 404 for none.</summary>
    public static async Task Show(HttpContext http, RecordVersion? record)
    {
        if (record is null) throw new RefusedException(Codes.NotFound, "There is no such record.");
        var tag = EntityTags.Of(record.Version);
        if (record.Deleted)
        {
            await Answer.Problem(http, new(Codes.Gone, "The record was deleted. Put it to create it again."), record);
            return;
        }
        if (EntityTags.Has(http.Request.Headers.IfNoneMatch, tag))
        {
            await Answer.NotModified(http, tag);
            return;
        }
        using var body = new AnswerBuffer();
        RecordJson.Write(body, record);
        await Answer.Json(http, StatusCodes.Status200OK, body, tag);
    }
}
