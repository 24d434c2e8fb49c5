using OrleansSync.Gateway.Access;

namespace OrleansSync.Gateway.Sockets;

/// <summary>Where plain WebSockets come in: <c>/v1/socket</c> (protocol §9).</summary>
internal static class SocketEndpoint
{
    private const string Route = "/v1/socket";

    public static IServiceCollection AddSockets(this IServiceCollection services) => services
        .AddSingleton<Calls>()
        .AddSingleton<SocketDoors>()
        .AddSingleton<OpenSockets>();

    public static IEndpointRouteBuilder MapSocket(this IEndpointRouteBuilder routes)
    {
        var doors = routes.ServiceProvider.GetRequiredService<SocketDoors>();
        var open = routes.ServiceProvider.GetRequiredService<OpenSockets>();
        var origins = routes.ServiceProvider.GetRequiredService<OriginRules>();
        routes.Map(Route, http => Run(http, doors, open, origins));
        return routes;
    }

    private static async Task Run(HttpContext http, SocketDoors doors, OpenSockets open, OriginRules origins)
    {
        var caller = await doors.Callers.Read(http);
        await using var stream = await Handshake.Accept(http);
        using var socket = new SocketConnection(stream, doors, caller, http.Abort);
        // A page cannot read why an upgrade was refused, but it can read a close code.
        if (!origins.Allows(http.Request.Headers.Origin)) socket.Close(CloseCode.ForbiddenOrigin, "forbidden origin");
        await open.Run(socket);
    }
}
