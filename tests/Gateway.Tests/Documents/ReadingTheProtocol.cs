using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;

namespace OrleansSync.Gateway.Tests.Documents;

public sealed partial class ReadingTheProtocol : IDisposable
{
    private static readonly Document Page = new("docs/protocol.md");

    private readonly string _data = Directory.CreateTempSubdirectory("orleanssync-").FullName;

    public void Dispose() => Directory.Delete(_data, recursive: true);

    [Fact]
    public void Every_json_example_is_json()
    {
        Assert.NotEmpty(Page.Blocks("json"));
        Assert.All(Page.Blocks("json"), example => JsonDocument.Parse(example).Dispose());
    }

    [Fact]
    public async Task Every_route_is_there_and_no_other()
    {
        await using var app = SyncServer.Build(["--Data", _data]);

        Assert.Equal(Served(app).Order(), Written().Distinct().Order());
    }

    /// <summary>What is reached by other means than plain calls (hub, socket), or is not ours (metrics, description), is not compared.</summary>
    private static IEnumerable<string> Served(IEndpointRouteBuilder app) =>
        from endpoint in app.DataSources.SelectMany(source => source.Endpoints).OfType<RouteEndpoint>()
        let path = ParameterName().Replace($"/{endpoint.RoutePattern.RawText!.TrimStart('/')}", "{}")
        where IsCompared(path)
        from method in endpoint.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods ?? []
        select $"{method} {path}";

    private static IEnumerable<string> Written()
    {
        foreach (var row in Page.Table("call", "does", "answers"))
        {
            var method = "";
            foreach (Match call in Call().Matches(row[0]))
            {
                if (call.Groups[1].Length > 0) method = call.Groups[1].Value;
                var path = ParameterName().Replace(call.Groups[2].Value, "{}");
                if (IsCompared(path)) yield return $"{method} {path}";
            }
        }
    }

    private static bool IsCompared(string path) =>
        (path.StartsWith("/v1/", StringComparison.Ordinal) && !path.StartsWith("/v1/sync", StringComparison.Ordinal))
        || path.StartsWith("/health/", StringComparison.Ordinal);

    [GeneratedRegex(@"\{\w+\}")]
    private static partial Regex ParameterName();

    [GeneratedRegex(@"`(?:([A-Z]+) )?(/[^`]+)`")]
    private static partial Regex Call();
}
