using OrleansSync.Gateway.Access;
using OrleansSync.Gateway.Settings;
using OrleansSync.Gateway.Writes;
using OrleansSync.Protocol;

namespace OrleansSync.Gateway.Http;

/// <summary>Many writes in one request, each with its own result.</summary>
internal sealed class BatchRoutes(CallerReader callers, WriteGate gate, ServerSettings settings)
{
    public void Map(IEndpointRouteBuilder routes) => routes.MapPost("/v1/writes", Write).Named(
        "WriteAll", "Many writes", "Results in order; one bad write is one bad result. Writes to one record are done in order.", MediaTypes.Json);

    private async Task Write(HttpContext http)
    {
        var caller = await callers.Read(http);
        MediaTypes.RequireJson(http.Request);
        var client = WriteHeaders.ClientOf(http.Request.Headers);
        var results = await gate.WriteAll(await ReadWrites(http, caller, client), caller, http.RequestAborted);

        using var body = new AnswerBuffer();
        ResultJson.WriteAll(body, results);
        await Answer.Json(http, StatusCodes.Status200OK, body);
    }

    private async ValueTask<WriteRead[]> ReadWrites(HttpContext http, Caller caller, string? client)
    {
        using var body = await RequestBody.Read(http, settings.Limits.BodyBytes);
        var writes = JsonMembers.Cut(body.Bytes).Elements("writes")
            ?? throw new RefusedException(Codes.Malformed, "The body must be {\"writes\": […]}.");
        if (writes.Count > settings.Limits.Writes)
            throw new RefusedException(Codes.TooLarge, $"The batch has {writes.Count} writes; send at most {settings.Limits.Writes} at once.");

        var reads = new WriteRead[writes.Count];
        for (var i = 0; i < reads.Length; i++)
            reads[i] = WriteReader.Read(writes[i], caller.Author, client, settings.Limits.DataBytes);
        return reads;
    }
}
