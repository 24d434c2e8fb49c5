using System.Text;
using OrleansSync.Gateway.Access;
using OrleansSync.Gateway.Feeds;
using OrleansSync.Gateway.Settings;
using OrleansSync.Grains.Collections;
using OrleansSync.Grains.Feeds;
using OrleansSync.Protocol;

namespace OrleansSync.Gateway.Http;

/// <summary>
/// A page of a collection's live records, or of those with an open conflict, with the place from which the feed goes on. That place is read before the first page and
/// travels in <c>next</c>, so that it is the same on every page: who lists to the end and then follows the feed misses nothing.
/// </summary>
internal sealed class ListRoutes(IGrainFactory grains, GrainReads reads, CallerReader callers, ReadGate gate, ServerSettings settings)
{
    private const char AfterCursor = ':';

    private static readonly (string, string)[] Query =
    [
        ("filter", "a JSON object of conditions"), ("orderBy", "a field, id, timestamp or version; - before it for descending"),
        ("limit", "records of a page"), ("after", "the next of the page before"),
    ];

    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/v1/collections/{collection}/records", http => Get(http, conflictsOnly: false)).Named(
            "ListRecords", "A page of the live records", "The ETag covers the records shown: If-None-Match gives an empty 304.", query: Query);
        routes.MapGet("/v1/collections/{collection}/conflicts", http => Get(http, conflictsOnly: true)).Named(
            "ListConflicts", "A page of the records with an open conflict", "As the list of records, tombstones too.", query: Query);
    }

    private async Task Get(HttpContext http, bool conflictsOnly)
    {
        var collection = PathRules.Collection(http);
        var filter = FilterOf(http);
        var orderBy = QueryValues.Text(http, "orderBy");
        RecordOrder.Parse(orderBy);
        var limit = QueryValues.Number(http, "limit", 1, settings.Limits.Changes) ?? settings.Limits.Changes;
        var (cursor, after) = AfterOf(http);

        var caller = await callers.Read(http);
        var known = await gate.Enter(collection, caller);
        cursor ??= await CursorOf(known, filter, caller);
        var own = AccessRules.OwnView(caller, known.Settings);
        var shown = own is null ? filter : OwnerField.Narrow(filter, known.Settings.Owner!, own);
        var page = await reads.Ask(
            () => grains.GetGrain<ICollectionReaderGrain>(0).ReadRecords(collection, shown?.Text, orderBy, limit, after, conflictsOnly));
        await Show(http, page, cursor);
    }

    private static async Task Show(HttpContext http, ListedRecords page, string cursor)
    {
        var tag = ListTag.Of(page);
        if (EntityTags.Has(http.Request.Headers.IfNoneMatch, tag))
        {
            await Answer.NotModified(http, tag);
            return;
        }
        using var body = new AnswerBuffer();
        RecordJson.WritePage(body, page.Records, page.Next is null ? null : $"{cursor}{AfterCursor}{page.Next}", cursor);
        await Answer.Json(http, StatusCodes.Status200OK, body, tag);
    }

    private async ValueTask<string> CursorOf(KnownCollection known, Filter? filter, Caller caller)
    {
        var states = await Task.WhenAll(Enumerable.Range(0, known.Settings.Partitions)
            .Select(partition => reads.Ask(grains.GetGrain<IFeedGrain>(new FeedKey(known.Name, partition).ToString()).ReadState)));
        var marks = Array.ConvertAll(states, state => AskedFeed.MarkOf(state.Place));
        var request = new FeedRequest { Collection = known.Name, Filter = filter, Caller = caller };
        return FeedCursor.Write(FeedIdentity.Of(request, known.Settings), FeedPosition.Of(marks));
    }

    private static Filter? FilterOf(HttpContext http) =>
        QueryValues.Text(http, "filter") is { } text ? Filter.Parse(Encoding.UTF8.GetBytes(text)) : null;

    private static (string? Cursor, string? After) AfterOf(HttpContext http)
    {
        if (QueryValues.Text(http, "after") is not { } text) return (null, null);
        var at = text.IndexOf(AfterCursor);
        if (at < 0 || FeedCursor.Read(text[..at]) is null || at + 1 == text.Length)
            throw new RefusedException(Codes.Malformed, "after must be the next of a page before, unchanged.");
        return (text[..at], text[(at + 1)..]);
    }
}
