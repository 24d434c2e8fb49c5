using System.Reflection;

namespace OrleansSync.Gateway.Http;

/// <summary>How a route appears in /openapi/v1.json: its name, what it is for, and what it takes beside its path.</summary>
/// <param name="Query">Names of query values, each with what it means.</param>
/// <param name="Body">The media type of the body it reads; null = none.</param>
/// <param name="BodyRequired">False where the body may be left out.</param>
internal sealed record RouteDescription(
    string Name, string Summary, string Description, IReadOnlyList<(string Name, string Meaning)> Query, string? Body, bool BodyRequired);

/// <summary>Describes a route where it is mapped.</summary>
internal static class RouteNames
{
    /// <summary>The description of routes looks for a method; all of ours look alike, since nothing is bound by parameters.</summary>
    private static readonly MethodInfo Handler = ((RequestDelegate)(_ => Task.CompletedTask)).Method;

    public static IEndpointConventionBuilder Named(
        this IEndpointConventionBuilder route, string name, string summary, string description, string? body = null,
        bool bodyRequired = true, params (string Name, string Meaning)[] query) =>
        route.WithName(name).WithMetadata(Handler, new RouteDescription(name, summary, description, query, body, bodyRequired));
}
