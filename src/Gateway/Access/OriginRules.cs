using System.Collections.Frozen;
using OrleansSync.Gateway.Settings;

namespace OrleansSync.Gateway.Access;

/// <summary>Which web origins a browser may come from: one list for REST, WebSockets and SignalR.</summary>
internal sealed class OriginRules(ServerSettings settings)
{
    private readonly FrozenSet<string> _allowed = settings.Origins.ToFrozenSet(StringComparer.OrdinalIgnoreCase);

    /// <summary>True for no origin (not a browser), for one on the list (<c>*</c> = all), and by default for any localhost.</summary>
    public bool Allows(string? origin)
    {
        if (string.IsNullOrEmpty(origin)) return true;
        if (_allowed.Count > 0) return _allowed.Contains("*") || _allowed.Contains(origin);
        return Uri.TryCreate(origin, UriKind.Absolute, out var uri)
            && uri.Scheme is "http" or "https"
            && uri.PathAndQuery is "/" && !origin.EndsWith('/')
            && uri.UserInfo.Length == 0
            && uri.Host is "localhost" or "127.0.0.1" or "[::1]";
    }
}
