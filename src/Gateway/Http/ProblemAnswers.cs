using OrleansSync.Gateway.Writes;
using OrleansSync.Protocol;

namespace OrleansSync.Gateway.Http;

/// <summary>
/// The outermost step: whatever is refused, unknown or broken below is answered as problem+json with a stable code, and never with
/// more than the client may know.
/// </summary>
internal sealed class ProblemAnswers(RequestDelegate next, ILogger<ProblemAnswers> log)
{
    private static readonly Problem NoRoute =
        new(Codes.NotFound, "Nothing is served at this address: see /openapi/v1.json for what is.");

    public async Task Invoke(HttpContext http)
    {
        try
        {
            PathRules.RequireNames(http);
            await next(http);
            if (IsUnanswered(http)) await Answer.Problem(http, UnansweredProblem(http));
        }
        catch (OperationCanceledException) when (http.RequestAborted.IsCancellationRequested)
        {
            // Nobody is there to read an answer.
        }
        catch (Exception failure)
        {
            await AnswerFailure(http, failure);
        }
    }

    private async Task AnswerFailure(HttpContext http, Exception failure)
    {
        var problem = ProblemOf(failure);
        if (problem.Code is Codes.Internal) log.RequestFailed(failure, http.GetEndpoint()?.DisplayName ?? "no endpoint");
        if (http.Response.HasStarted)
        {
            http.Abort();
            return;
        }
        await Answer.Problem(http, problem);
    }

    private static Problem ProblemOf(Exception failure) => failure switch
    {
        BadHttpRequestException { StatusCode: StatusCodes.Status413PayloadTooLarge } =>
            new(Codes.TooLarge, "The request is larger than this server reads: send less at once."),
        BadHttpRequestException => new(Codes.Malformed, "The request could not be read as HTTP."),
        _ => GrainFailure.ProblemOf(failure),
    };

    /// <summary>Routing found nothing, or not for this method: it leaves a bare status.</summary>
    private static bool IsUnanswered(HttpContext http) =>
        http.Response is { HasStarted: false, ContentType: null, StatusCode: StatusCodes.Status404NotFound or StatusCodes.Status405MethodNotAllowed };

    private static Problem UnansweredProblem(HttpContext http) => http.Response.StatusCode == StatusCodes.Status404NotFound
        ? NoRoute
        : new(Codes.MethodNotAllowed, $"{http.Request.Method} is not served here, use {http.Response.Headers.Allow}.");
}

/// <summary>What requests leave in the log: failures that nobody expected, no payloads.</summary>
internal static partial class RequestLog
{
    [LoggerMessage(1, LogLevel.Error, "A request to {Endpoint} failed unexpectedly")]
    public static partial void RequestFailed(this ILogger log, Exception failure, string endpoint);
}
