using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace OrleansSync.Grains.Tests.Clusters;

/// <summary>As much of Kubernetes' interface as tells of pods: one pod, which can be labelled, and nothing that ever changes.</summary>
internal sealed class PodsOfKubernetes : IAsyncDisposable
{
    public const string Namespace = "apps";

    private readonly WebApplication _server;

    private PodsOfKubernetes(WebApplication server, string pod) => (_server, Pod) = (server, pod);

    public string Pod { get; }

    public string Address => _server.Urls.Single();

    /// <summary>What the pod was last changed by.</summary>
    public string Patched { get; private set; } = "";

    public static async Task<PodsOfKubernetes> Start(string pod)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var kubernetes = new PodsOfKubernetes(builder.Build(), pod);
        kubernetes.Map();
        await kubernetes._server.StartAsync();
        return kubernetes;
    }

    private void Map()
    {
        const string Pods = $"/api/v1/namespaces/{Namespace}/pods";
        var one = new { apiVersion = "v1", kind = "Pod", metadata = new { name = Pod, @namespace = Namespace } };
        _server.MapGet($"{Pods}/{Pod}", () => one);
        _server.MapPatch($"{Pods}/{Pod}", async (HttpRequest request) =>
        {
            using var body = new StreamReader(request.Body);
            Patched = await body.ReadToEndAsync();
            return one;
        });
        _server.MapGet(Pods, async (HttpContext http, bool? watch) =>
        {
            if (watch != true) return Results.Json(new { apiVersion = "v1", kind = "PodList", metadata = new { resourceVersion = "1" }, items = new[] { one } });
            // Nothing happens to any pod as long as somebody watches.
            await Task.Delay(Timeout.Infinite, http.RequestAborted).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            return Results.Empty;
        });
    }

    public async ValueTask DisposeAsync() => await _server.DisposeAsync();
}
