using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Mvc.ApiExplorer;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace OrleansSync.Gateway.Http;

/// <summary>What /openapi/v1.json says: every route by its name, with what it takes. Shapes are those of the protocol's page.</summary>
internal static partial class OpenApiText
{
    public static void Configure(OpenApiOptions options)
    {
        options.AddDocumentTransformer((document, _, _) =>
        {
            document.Info = new() { Title = "OrleansSync", Version = "1", Description = "Realtime sync of application data over REST, SSE, WebSocket and SignalR." };
            return Task.CompletedTask;
        });
        options.AddOperationTransformer((operation, context, _) =>
        {
            var metadata = context.Description.ActionDescriptor.EndpointMetadata;
            if (metadata.OfType<RouteDescription>().LastOrDefault() is { } route) Describe(operation, route, context.Description);
            return Task.CompletedTask;
        });
    }

    private static void Describe(OpenApiOperation operation, RouteDescription route, ApiDescription described)
    {
        operation.OperationId = route.Name;
        operation.Tags = null;
        operation.Summary = route.Summary;
        operation.Description = route.Description;
        operation.Parameters = [.. PathParameters(described.RelativePath ?? ""), .. QueryParameters(route)];
        if (route.Body is { } media)
            operation.RequestBody = new OpenApiRequestBody { Required = route.BodyRequired, Content = Content(media) };
        operation.Responses = new()
        {
            ["200"] = new OpenApiResponse { Description = "Done", Content = Content(MediaTypes.Json) },
            ["default"] = new OpenApiResponse { Description = "Refused, with a stable code", Content = Content(MediaTypes.Problem) },
        };
    }

    private static Dictionary<string, OpenApiMediaType> Content(string media) =>
        new() { [media] = new OpenApiMediaType { Schema = new OpenApiSchema { Type = JsonSchemaType.Object } } };

    private static IEnumerable<IOpenApiParameter> PathParameters(string path) =>
        PathNames().Matches(path).Select(match => Parameter(match.Groups[1].Value, ParameterLocation.Path, null));

    private static IEnumerable<IOpenApiParameter> QueryParameters(RouteDescription route) =>
        route.Query.Select(query => Parameter(query.Name, ParameterLocation.Query, query.Meaning));

    private static OpenApiParameter Parameter(string name, ParameterLocation place, string? meaning) => new()
    {
        Name = name,
        In = place,
        Required = place == ParameterLocation.Path,
        Description = meaning,
        Schema = new OpenApiSchema { Type = JsonSchemaType.String },
    };

    [GeneratedRegex(@"\{(\w+)\}")]
    private static partial Regex PathNames();
}
