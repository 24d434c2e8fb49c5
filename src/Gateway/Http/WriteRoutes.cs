using OrleansSync.Gateway.Access;
using OrleansSync.Gateway.Settings;
using OrleansSync.Gateway.Writes;
using OrleansSync.Protocol;

namespace OrleansSync.Gateway.Http;

/// <summary>Writes to one record: the headers say the conditions, the body is the data, the answer is a result.</summary>
internal sealed class WriteRoutes(CallerReader callers, WriteGate gate, ServerSettings settings, TimeProvider clock)
{
    private const string CreatePath = "/v1/collections/{collection}/records";

    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapPut(RecordRoutes.Path, http => Write(http, WriteOp.Put)).Named(
            "PutRecord", "Put the whole data", "201 where there was no live record.", MediaTypes.Json);
        routes.MapPatch(RecordRoutes.Path, http => Write(http, WriteOp.Patch)).Named(
            "PatchRecord", "Merge a patch into the data", "RFC 7396, with field operations.", MediaTypes.MergePatch);
        routes.MapDelete(RecordRoutes.Path, http => Write(http, WriteOp.Delete)).Named(
            "DeleteRecord", "Leave a tombstone", "Deleting a tombstone again changes nothing.",
            query: [("purge", "true: also forgets data and history at once; needs the role admin")]);
        routes.MapPost(CreatePath, Create).Named(
            "CreateRecord", "Create a record", "The id is a UUIDv7, or derived from the Idempotency-Key.", MediaTypes.Json);
    }

    private Task Write(HttpContext http, WriteOp op) => WriteAnswers.With(http, async headers =>
    {
        var collection = PathRules.Collection(http);
        var record = PathRules.Record(http);
        var caller = await callers.Read(http);
        return await gate.Write(new()
        {
            Id = headers.Id,
            Collection = collection,
            Record = record,
            Op = op,
            Data = op == WriteOp.Delete ? null : await ReadData(http, op),
            Base = headers.Base ?? VersionOf(headers.Precondition),
            Precondition = headers.Precondition,
            Timestamp = headers.Timestamp,
            Author = caller.Author,
            Client = headers.Client,
            Purge = op == WriteOp.Delete && QueryValues.Flag(http, "purge"),
            OwnerOnly = !caller.IsAdmin,
        }, caller, http.RequestAborted);
    });

    private Task Create(HttpContext http) => WriteAnswers.With(http, async headers =>
    {
        var collection = PathRules.Collection(http);
        var caller = await callers.Read(http);
        return await gate.Write(new()
        {
            Id = headers.Id,
            Collection = collection,
            Record = headers.Id is { } key ? NewIds.Derived(collection, caller.Author, key) : NewIds.Fresh(clock),
            Op = WriteOp.Put,
            Data = await ReadData(http, WriteOp.Put),
            Base = headers.Base,
            Precondition = new(headers.Precondition.Kind is PreconditionKind.None or PreconditionKind.NotLive
                ? PreconditionKind.NotLive
                : PreconditionKind.Never),
            Timestamp = headers.Timestamp,
            Author = caller.Author,
            Client = headers.Client,
            OwnerOnly = !caller.IsAdmin,
        }, caller, http.RequestAborted);
    });

    /// <summary>The version that must be the current one is also the one the client was looking at.</summary>
    private static long? VersionOf(Precondition precondition) =>
        precondition.Kind == PreconditionKind.Version ? precondition.Version : null;

    private async ValueTask<byte[]> ReadData(HttpContext http, WriteOp op)
    {
        if (op == WriteOp.Patch) MediaTypes.RequirePatch(http.Request);
        else MediaTypes.RequireJson(http.Request);
        using var body = await RequestBody.Read(http, settings.Limits.BodyBytes);
        return DataText.Read(body.Bytes.Span, new DataRules { MaxBytes = settings.Limits.DataBytes, AllowOperations = op == WriteOp.Patch });
    }
}
