namespace OrleansSync.Gateway.Http;

/// <summary>How a route appears in /openapi/v1.json: its name, what it is for, and what it takes beside its path.</summary>
/// <param name="Query">Names of query values, each with what it means.</param>
/// <param name="Body">The media type of the body it reads; null = none.</param>
internal sealed record RouteDescription(
    string Name, string Summary, string Description, IReadOnlyList<(string Name, string Meaning)> Query, string? Body);

internal static class RouteNames
{
    public static IEndpointConventionBuilder Named(
        this IEndpointConventionBuilder route, string name, string summary, string description, string? body = null,
        params (string Name, string Meaning)[] query) =>
        route.WithName(name).WithMetadata(new RouteDescription(name, summary, description, query, body));
}
