using OrleansSync.Gateway.Access;
using OrleansSync.Gateway.Settings;
using OrleansSync.Gateway.Writes;
using OrleansSync.Protocol;

namespace OrleansSync.Gateway.Http;

/// <summary>The open conflict of a record, and what people do about it (protocol §6).</summary>
internal sealed class ConflictRoutes(CallerReader callers, ReadGate reading, WriteGate writing, ServerSettings settings)
{
    private const string Path = RecordRoutes.Path + "/conflict";

    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet(Path, Get).Named(
            "ReadConflict", "The open conflict of a record", "404 where none is open. The ETag is the record's.");
        routes.MapPost(Path + "/claim", http => Write(http, WriteOp.Claim)).Named(
            "ClaimConflict", "Claim a conflict, so that nobody else works on it meanwhile",
            "{\"seconds\": 300}, or no body. The same author and client renews. Others' resolutions get 409 until it lapses or is released.",
            MediaTypes.Json, bodyRequired: false);
        routes.MapPost(Path + "/release", http => Write(http, WriteOp.Release)).Named(
            "ReleaseConflict", "Let go of a claim", "409 where it is somebody else's.");
        routes.MapPost(Path + "/resolution", http => Write(http, WriteOp.Resolve)).Named(
            "ResolveConflict", "Settle a conflict",
            "{\"choices\": {path: {\"take\": \"current\"} | {\"take\": \"candidate\", \"candidate\": 1} | {\"value\": …} | {\"remove\": true}}, \"expect\": 2, \"note\": \"…\"}: "
            + "paths left out keep what stands. 409 where the revision is no longer the expected one.",
            MediaTypes.Json);
    }

    private async Task Get(HttpContext http)
    {
        var collection = PathRules.Collection(http);
        var id = PathRules.Record(http);
        if (await reading.Read(collection, id, await callers.Read(http)) is not { Conflict: { } conflict } record)
            throw new RefusedException(Codes.NotFound, "There is no such record, or it has no open conflict.");

        var tag = EntityTags.Of(record.Version);
        if (EntityTags.Has(http.Request.Headers.IfNoneMatch, tag))
        {
            await Answer.NotModified(http, tag);
            return;
        }
        using var body = new AnswerBuffer();
        ConflictJson.Write(body, conflict);
        await Answer.Json(http, StatusCodes.Status200OK, body, tag);
    }

    private Task Write(HttpContext http, WriteOp op) => WriteAnswers.With(http, async headers =>
    {
        var collection = PathRules.Collection(http);
        var record = PathRules.Record(http);
        var caller = await callers.Read(http);
        var write = new Write
        {
            Id = headers.Id,
            Collection = collection,
            Record = record,
            Op = op,
            Precondition = headers.Precondition,
            Author = caller.Author,
            Client = headers.Client,
        };
        return await writing.Write(await Complete(http, write), caller, http.RequestAborted);
    });

    /// <summary>Only a resolution needs a body.</summary>
    private async ValueTask<Write> Complete(HttpContext http, Write write)
    {
        using var body = await RequestBody.Read(http, settings.Limits.BodyBytes);
        if (body.Bytes.IsEmpty && write.Op != WriteOp.Resolve) return write;
        MediaTypes.RequireJson(http.Request);
        var members = JsonMembers.Cut(body.Bytes);
        return write.Op switch
        {
            WriteOp.Claim => write with { ClaimSeconds = ClaimReader.Read(members) },
            WriteOp.Resolve => write with { Resolution = ResolutionReader.Read(members, settings.Limits.DataBytes) },
            _ => write,
        };
    }
}
