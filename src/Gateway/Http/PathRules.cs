using Microsoft.AspNetCore.Http.Features;
using OrleansSync.Protocol;

namespace OrleansSync.Gateway.Http;

/// <summary>
/// Names as they stand in the path. The server resolves <c>.</c> and <c>..</c> before routes are matched, so that a write to a record
/// named <c>..</c> would reach its collection's settings: such paths are refused as they were sent.
/// </summary>
internal static class PathRules
{
    public static string Collection(HttpContext http)
    {
        var name = (string?)http.Request.RouteValues["collection"];
        return Names.IsCollection(name)
            ? name!
            : throw new RefusedException(Codes.InvalidName, "A collection's name must match ^[a-z][a-z0-9_-]{0,62}$.");
    }

    public static string Record(HttpContext http)
    {
        var id = (string?)http.Request.RouteValues["record"];
        return Names.IsRecordId(id) ? id! : throw InvalidRecordId();
    }

    /// <summary>Refuses what no route may see: dot segments, and empty names below a collection.</summary>
    public static void RequireNames(HttpContext http)
    {
        var target = http.Features.Get<IHttpRequestFeature>()!.RawTarget.AsSpan();
        var query = target.IndexOf('?');
        var path = query < 0 ? target : target[..query];
        if (path.IndexOf("/.") < 0 && path.IndexOf("/%2") < 0 && path.IndexOf("//") < 0) return;

        foreach (var range in path.Split('/'))
            if (IsDots(path[range])) throw InvalidRecordId();
        if (path.StartsWith("/v1/collections/") && path.IndexOf("//") >= 0)
            throw new RefusedException(Codes.InvalidName, "A name in the path is empty.");
    }

    private static bool IsDots(ReadOnlySpan<char> segment)
    {
        var dots = 0;
        while (segment.Length > 0)
        {
            if (segment[0] == '.') segment = segment[1..];
            else if (segment.StartsWith("%2e", StringComparison.OrdinalIgnoreCase)) segment = segment[3..];
            else return false;
            dots++;
        }
        return dots is 1 or 2;
    }

    private static RefusedException InvalidRecordId() =>
        new(Codes.InvalidName, $"A record id must be 1–{Names.MaxIdLength} characters of A–Z a–z 0–9 - _ . ~ : @, and not . or ..");
}
