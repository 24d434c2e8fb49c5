using OrleansSync.Protocol;
using OrleansSync.Silo.Cluster;

namespace OrleansSync.Gateway.Http;

/// <summary>Of a gateway alone: until it has found a silo, nothing that needs one is let in.</summary>
internal sealed class ClusterDoor(RequestDelegate next, ClusterConnection connection)
{
    private static readonly Problem NoSilo = new(Codes.Unavailable, "This server has not found the others of its cluster yet: come back a little later.");

    public Task Invoke(HttpContext http) => connection.IsMade || !http.Request.Path.StartsWithSegments("/v1")
        ? next(http)
        : throw new RefusedException(NoSilo);
}
