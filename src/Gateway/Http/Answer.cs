using OrleansSync.Protocol;

namespace OrleansSync.Gateway.Http;

/// <summary>Sends answers: the body in one piece with its length, and what caches may do with it.</summary>
internal static class Answer
{
    private const string RetryAfterSeconds = "1";

    /// <summary>Sends JSON. With a tag caches must ask again each time, without one they keep nothing.</summary>
    public static async Task Json(HttpContext http, int status, AnswerBuffer body, string? tag = null, string type = MediaTypes.Json)
    {
        var answer = http.Response;
        answer.StatusCode = status;
        answer.ContentType = type;
        answer.ContentLength = body.Written.Length;
        Cache(http, tag);
        await answer.Body.WriteAsync(body.Written, http.RequestAborted);
    }

    /// <summary>The client already has it: no body.</summary>
    public static Task NotModified(HttpContext http, string tag)
    {
        http.Response.StatusCode = StatusCodes.Status304NotModified;
        Cache(http, tag);
        return Task.CompletedTask;
    }

    /// <summary>Sends a refusal.</summary>
    /// <param name="record">For a deleted record: its tombstone.</param>
    public static async Task Problem(HttpContext http, Problem problem, RecordVersion? record = null)
    {
        using var body = new AnswerBuffer();
        ProblemJson.Write(body, problem, record);
        AddProblemHeaders(http, problem);
        await Json(http, problem.Status, body, record is null ? null : EntityTags.Of(record.Version), MediaTypes.Problem);
    }

    public static void AddProblemHeaders(HttpContext http, Problem problem)
    {
        switch (problem.Status)
        {
            case StatusCodes.Status401Unauthorized:
                http.Response.Headers.WWWAuthenticate = "Bearer";
                break;
            case StatusCodes.Status429TooManyRequests or StatusCodes.Status503ServiceUnavailable:
                http.Response.Headers.RetryAfter = RetryAfterSeconds;
                break;
        }
    }

    private static void Cache(HttpContext http, string? tag)
    {
        http.Response.Headers.CacheControl = tag is null ? "no-store" : "no-cache";
        if (tag is not null) http.Response.Headers.ETag = tag;
    }
}
