using OrleansSync.Gateway.Access;
using OrleansSync.Gateway.Feeds;
using OrleansSync.Gateway.Settings;
using OrleansSync.Gateway.Writes;
using OrleansSync.Grains.Collections;
using OrleansSync.Grains.Records;
using OrleansSync.Protocol;

namespace OrleansSync.Gateway.Http;

/// <summary>Collections and their settings (protocol §5).</summary>
internal sealed class CollectionRoutes(
    IGrainFactory grains, GrainReads reads, CallerReader callers, AccessRules access, CollectionDirectory directory, SchemaCheck schemas,
    FeedRegistry feeds, ServerSettings settings)
{
    private const string Path = "/v1/collections/{collection}";

    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/v1/collections", List).Named("ListCollections", "Every collection the caller may read", "With settings and counts.");
        routes.MapGet(Path, Get).Named("ReadCollection", "One collection", "With settings and counts.");
        routes.MapPut(Path, Put).Named(
            "PutCollection", "Create a collection, or replace all its settings", "What is left out has its default; partitions stay as they are.", MediaTypes.Json);
    }

    private async Task List(HttpContext http)
    {
        var caller = await callers.Read(http);
        var collections = await reads.Ask(() => grains.GetGrain<ICollectionReaderGrain>(0).ReadCollections());
        using var body = new AnswerBuffer();
        WriteAll(body, [.. collections.Where(collection => access.Read(caller, collection.Settings) is null)], caller);
        await Answer.Json(http, StatusCodes.Status200OK, body);
    }

    private async Task Get(HttpContext http)
    {
        var name = PathRules.Collection(http);
        var caller = await callers.Read(http);
        var collection = await reads.Ask(() => grains.GetGrain<ICollectionGrain>(name).Read());
        if (access.Read(caller, collection?.Settings ?? CollectionSettings.Default) is { } refusal) throw new RefusedException(refusal);
        await Show(http, StatusCodes.Status200OK, collection ?? throw new RefusedException(WriteGate.UnknownCollection(name)), caller);
    }

    private async Task Put(HttpContext http)
    {
        var name = PathRules.Collection(http);
        var caller = await callers.Read(http);
        if (access.Administer(caller) is { } refusal) throw new RefusedException(refusal);
        MediaTypes.RequireJson(http.Request);
        using var body = await RequestBody.Read(http, settings.Limits.BodyBytes);
        var policies = await reads.Ask(() => grains.GetGrain<ICollectionReaderGrain>(0).ReadPolicies());
        var before = await reads.Ask(() => grains.GetGrain<ICollectionGrain>(name).Read());
        var wanted = SettingsReader.Read(body.Bytes, policies.Contains, before?.Settings.Partitions);
        if (wanted.Schema is { } schema && schemas.Flaw(schema) is { } flaw) throw new RefusedException(Codes.Malformed, $"'schema': {flaw}");
        var (collection, created, refused) = await grains.GetGrain<ICollectionGrain>(name).Put(wanted);
        if (refused is not null) throw new RefusedException(refused);
        directory.Learn(collection);
        feeds.Learn(collection);

        if (created) http.Response.Headers.Location = $"/v1/collections/{name}";
        await Show(http, created ? StatusCodes.Status201Created : StatusCodes.Status200OK, collection, caller);
    }

    private static async Task Show(HttpContext http, int status, Collection collection, Caller caller)
    {
        using var body = new AnswerBuffer();
        Write(body, collection, caller);
        await Answer.Json(http, status, body);
    }

    private static void WriteAll(AnswerBuffer body, IReadOnlyList<Collection> collections, Caller caller)
    {
        Raw(body, "{\"collections\":["u8);
        for (var i = 0; i < collections.Count; i++)
        {
            if (i > 0) Raw(body, ","u8);
            Write(body, collections[i], caller);
        }
        Raw(body, "]}"u8);
    }

    /// <summary>Counts say something of records that the caller may not see, so that who sees only their own gets none.</summary>
    private static void Write(AnswerBuffer body, Collection collection, Caller caller)
    {
        if (AccessRules.OwnView(caller, collection.Settings) is null)
        {
            CollectionJson.Write(body, collection);
            return;
        }
        Raw(body, "{\"name\":\""u8);
        body.Advance(System.Text.Encoding.ASCII.GetBytes(collection.Name, body.GetSpan(collection.Name.Length)));
        Raw(body, "\",\"settings\":"u8);
        SettingsJson.Write(body, collection.Settings);
        Raw(body, "}"u8);
    }

    private static void Raw(AnswerBuffer body, ReadOnlySpan<byte> json)
    {
        json.CopyTo(body.GetSpan(json.Length));
        body.Advance(json.Length);
    }
}
