using System.Net;
using System.Text;

namespace OrleansSync.Gateway.Settings;

/// <summary>
/// Reads <see cref="ServerSettings"/> from command line, environment and appsettings.json, and throws <see cref="WrongSettingException"/>
/// at the first one that cannot be meant.
/// </summary>
internal static class SettingsFrom
{
    private const int MinKeyBytes = 32;
    private const int MaxDriftSeconds = 86_400;

    public static ServerSettings Configuration(IConfiguration configuration)
    {
        var values = new SettingValues(configuration);
        var defaults = new ServerSettings();
        return new()
        {
            Urls = Urls(values, defaults.Urls),
            Data = Folder(values, defaults.Data),
            Store = Store(values, defaults.Store),
            Role = Role(values, defaults.Role),
            Cluster = Cluster(values),
            Auth = Auth(values),
            Access = new() { Read = values.List("Access:Read"), Write = values.List("Access:Write"), Resolve = values.List("Access:Resolve") },
            Origins = Origins(values),
            Limits = Limits(values),
            CreateOnWrite = values.Flag("Collections:CreateOnWrite", defaults.CreateOnWrite),
            ClockDrift = TimeSpan.FromSeconds(
                values.Number("ClockDriftSeconds", 1, MaxDriftSeconds) ?? (int)defaults.ClockDrift.TotalSeconds),
        };
    }

    private static string Urls(SettingValues values, string fallback)
    {
        var text = values.Text("Urls") ?? fallback;
        foreach (var url in text.Split(';', StringSplitOptions.RemoveEmptyEntries))
            if (!IsUrl(url)) throw new WrongSettingException("Urls", $"'{url}' is no address, use one such as {fallback}");
        return text;
    }

    private static bool IsUrl(string url)
    {
        try
        {
            var address = BindingAddress.Parse(url.Trim());
            return address.Scheme is "http" or "https" && address.Host.Length > 0 && address.Port is >= 0 and <= 65535 && address.PathBase.Length == 0;
        }
        catch (FormatException)
        {
            return false;
        }
    }

    private static string Folder(SettingValues values, string fallback)
    {
        var folder = values.Text("Data") ?? fallback;
        try
        {
            Directory.CreateDirectory(folder);
            var probe = Path.Combine(folder, $".writable-{Environment.ProcessId}");
            File.Create(probe, 1, FileOptions.DeleteOnClose).Dispose();
            return folder;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            throw new WrongSettingException("Data", $"the directory '{folder}' cannot be written, use one that can");
        }
    }

    private static string Store(SettingValues values, string fallback)
    {
        var store = values.OneOf("Store", fallback, "sqlite", "postgres");
        return store == "sqlite" ? store : throw new WrongSettingException("Store", "postgres is not available yet, use sqlite");
    }

    private static string Role(SettingValues values, string fallback)
    {
        var role = values.OneOf("Role", fallback, "all", "gateway");
        return role == "all" ? role : throw new WrongSettingException("Role", "gateway alone needs Store postgres, which is not available yet, use all");
    }

    private static ClusterSettings Cluster(SettingValues values)
    {
        var address = values.Text("Cluster:Address");
        if (address is not null && !IPAddress.TryParse(address, out _))
            throw new WrongSettingException("Cluster:Address", $"'{address}' is no IP address, use one of this machine such as 127.0.0.1");
        var cluster = new ClusterSettings
        {
            Address = address,
            SiloPort = values.Number("Cluster:SiloPort", 0, 65535),
            GatewayPort = values.Number("Cluster:GatewayPort", 0, 65535),
        };
        if (cluster.SiloPort > 0 && cluster.SiloPort == cluster.GatewayPort)
            throw new WrongSettingException("Cluster:GatewayPort", "it is the same as Cluster:SiloPort, use another one");
        return cluster;
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

    private static LimitSettings Limits(SettingValues values)
    {
        var defaults = new LimitSettings();
        return new()
        {
            DataBytes = values.Limit("Limits:DataBytes", defaults.DataBytes),
            BodyBytes = values.Limit("Limits:BodyBytes", defaults.BodyBytes),
            FrameBytes = values.Limit("Limits:FrameBytes", defaults.FrameBytes),
            Writes = values.Limit("Limits:Writes", defaults.Writes),
            Changes = values.Limit("Limits:Changes", defaults.Changes),
            Subscriptions = values.Limit("Limits:Subscriptions", defaults.Subscriptions),
            Connections = values.Limit("Limits:Connections", defaults.Connections),
        };
    }
}
