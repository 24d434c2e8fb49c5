using OrleansSync.Protocol;

namespace OrleansSync.Gateway.Http;

/// <summary>Answers writes to one record, and what is asked of its conflict: a result by its status, a refused one as a problem with the result's members.</summary>
internal static class WriteAnswers
{
    /// <summary>A write that is refused before it is one gets a result like any other.</summary>
    public static async Task With(HttpContext http, Func<WriteHeaders, ValueTask<WriteResult>> write)
    {
        string? id = null;
        WriteResult result;
        try
        {
            var headers = WriteHeaders.Read(http.Request.Headers);
            id = headers.Id;
            result = await write(headers);
        }
        catch (RefusedException refused)
        {
            result = WriteResult.Invalid(id, refused.Problem);
        }
        await Send(http, result);
    }

    private static async Task Send(HttpContext http, WriteResult result)
    {
        using var body = new AnswerBuffer();
        var tag = result.Record is null ? null : EntityTags.Of(result.Record.Version);
        if (result.Problem is { } problem)
        {
            ProblemJson.Write(body, result);
            Answer.AddProblemHeaders(http, problem);
            await Answer.Json(http, result.Status, body, tag, MediaTypes.Problem);
            return;
        }
        ResultJson.Write(body, result);
        if (result.Created) http.Response.Headers.Location = LocationOf(http, result.Record!.Id);
        await Answer.Json(http, result.Status, body, tag);
    }

    private static string LocationOf(HttpContext http, string id) =>
        $"/v1/collections/{PathRules.Collection(http)}/records/{id}";
}
