using System.Text;
using OrleansSync.Silo;

namespace OrleansSync.Gateway.Settings;

/// <summary>
/// Reads <see cref="ServerSettings"/> from command line, environment and appsettings.json, and throws <see cref="WrongSettingException"/>
/// at the first one that cannot be meant.
/// </summary>
internal static class SettingsFrom
{
    private const int MinKeyBytes = 32;

    public static ServerSettings Configuration(IConfiguration configuration)
    {
        var values = new SettingValues(configuration);
        var defaults = new ServerSettings();
        var role = values.OneOf("Role", defaults.Role, "all", "gateway");
        var silo = role == "all" ? SiloSettingsFrom.Configuration(values) : SiloSettingsFrom.WithoutSilo(values);
        return new()
        {
            Urls = SiloSettingsFrom.Urls(values) ?? defaults.Urls,
            Role = role,
            Silo = silo,
            Auth = Auth(values),
            Access = new() { Read = values.List("Access:Read"), Write = values.List("Access:Write"), Resolve = values.List("Access:Resolve") },
            Origins = Origins(values),
            Limits = Limits(values, silo),
            CreateOnWrite = values.Flag("Collections:CreateOnWrite", defaults.CreateOnWrite),
        };
    }

    private static AuthSettings Auth(SettingValues values)
    {
        var auth = new AuthSettings { Key = values.Text("Auth:Key"), Authority = values.Text("Auth:Authority"), Audience = values.Text("Auth:Audience") };
        if (auth.Key is not null && Encoding.UTF8.GetByteCount(auth.Key) < MinKeyBytes)
            throw new WrongSettingException("Auth:Key", $"it is shorter than {MinKeyBytes} bytes, use a random one of at least that length");
        if (auth.Key is not null && auth.Authority is not null)
            throw new WrongSettingException("Auth:Authority", "Auth:Key is set too, use one of them");
        if (auth.Authority is not null && !IsAuthority(auth.Authority))
            throw new WrongSettingException("Auth:Authority", $"'{auth.Authority}' is no https address (http only on this machine), use that of the issuer");
        if (auth.Audience is not null && !auth.Required)
            throw new WrongSettingException("Auth:Audience", "nothing checks tokens, set Auth:Key or Auth:Authority too");
        return auth;
    }

    private static bool IsAuthority(string authority) =>
        Uri.TryCreate(authority, UriKind.Absolute, out var uri) && (uri.Scheme == "https" || (uri.Scheme == "http" && uri.IsLoopback));

    private static IReadOnlyList<string> Origins(SettingValues values)
    {
        var origins = values.List("Cors:Origins") ?? [];
        foreach (var origin in origins)
            if (origin is not "*" && !IsOrigin(origin))
                throw new WrongSettingException("Cors:Origins", $"'{origin}' is no origin, use scheme, host and port alone, such as https://app.example.com");
        return origins;
    }

    private static bool IsOrigin(string origin) =>
        Uri.TryCreate(origin, UriKind.Absolute, out var uri) && uri.Host.Length > 0 && uri.PathAndQuery is "/" && !origin.EndsWith('/');

    private static LimitSettings Limits(SettingValues values, SiloSettings silo)
    {
        var defaults = new LimitSettings();
        return new()
        {
            DataBytes = silo.DataBytes,
            BodyBytes = values.Limit("Limits:BodyBytes", defaults.BodyBytes),
            FrameBytes = values.Limit("Limits:FrameBytes", defaults.FrameBytes),
            Writes = values.Limit("Limits:Writes", defaults.Writes),
            Changes = values.Limit("Limits:Changes", defaults.Changes),
            Subscriptions = values.Limit("Limits:Subscriptions", defaults.Subscriptions),
            Connections = values.Limit("Limits:Connections", defaults.Connections),
        };
    }
}
