using Microsoft.AspNetCore.SignalR;
using OrleansSync.Gateway.Access;
using OrleansSync.Gateway.Settings;
using OrleansSync.Gateway.Sockets;
using OrleansSync.Protocol;

namespace OrleansSync.Gateway.SignalR;

/// <summary>Where SignalR comes in: <c>/v1/sync</c>, JSON or MessagePack (protocol §10).</summary>
internal static class SignalREndpoint
{
    private const string Route = "/v1/sync";

    /// <summary>Calls of one connection that run at once; streams do not count once they are open.</summary>
    private const int ParallelCalls = 64;

    public static IServiceCollection AddSignalRTransport(this IServiceCollection services)
    {
        services
            .AddSignalR()
            .AddJsonProtocol(json => HubJson.AddTo(json.PayloadSerializerOptions))
            .AddMessagePackProtocol(pack => pack.SerializerOptions = HubMessagePack.AddTo(pack.SerializerOptions));
        services.AddOptions<HubOptions>().Configure<ServerSettings>((hub, settings) =>
        {
            hub.MaximumReceiveMessageSize = settings.Limits.FrameBytes == int.MaxValue ? null : settings.Limits.FrameBytes;
            hub.MaximumParallelInvocationsPerClient = ParallelCalls;
            hub.StreamBufferCapacity = 1;
            hub.EnableDetailedErrors = false;
            hub.DisableImplicitFromServicesParameters = true;
        });
        return services;
    }

    public static IEndpointRouteBuilder MapSignalRTransport(this IEndpointRouteBuilder routes)
    {
        var origins = routes.ServiceProvider.GetRequiredService<OriginRules>();
        var callers = routes.ServiceProvider.GetRequiredService<CallerReader>();
        routes.MapHub<SyncHub>(Route).Add(endpoint =>
        {
            var next = endpoint.RequestDelegate!;
            endpoint.RequestDelegate = http => Check(http, origins, callers, next);
        });
        return routes;
    }

    /// <summary>The name the client gave in the address; throws <see cref="RefusedException"/> (invalid-name).</summary>
    public static string? ClientOf(HttpContext http) =>
        http.Request.Query.TryGetValue("client", out var client) ? Calls.CheckedClient(client) : null;

    /// <summary>Refuses here, where there is an HTTP answer to say why, what the hub would only cut off.</summary>
    private static async Task Check(HttpContext http, OriginRules origins, CallerReader callers, RequestDelegate next)
    {
        if (!origins.Allows(http.Request.Headers.Origin))
            throw new RefusedException(Codes.Forbidden, "This origin may not call: it is not in Cors:Origins.");
        ClientOf(http);
        await callers.Read(http, alsoInQuery: true);
        await next(http);
    }
}
