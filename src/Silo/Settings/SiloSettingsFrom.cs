using System.Net;
using System.Net.Sockets;
using Npgsql;

namespace OrleansSync.Silo;

/// <summary>
/// Reads <see cref="SiloSettings"/>, the same for a silo alone and for a server with one inside, and throws
/// <see cref="WrongSettingException"/> at the first one that cannot be meant.
/// </summary>
public static class SiloSettingsFrom
{
    private const int MaxDriftSeconds = 86_400;
    private const int ClusterSiloPort = 11_111;
    private const int ClusterGatewayPort = 30_000;

    /// <summary>All that a silo needs; that its folder can be written and its ports are free has been tried.</summary>
    public static SiloSettings Configuration(SettingValues values)
    {
        var defaults = new SiloSettings();
        var store = values.OneOf("Store", defaults.Store, "sqlite", "postgres");
        var settings = defaults with
        {
            Store = store,
            Data = values.Text("Data") ?? defaults.Data,
            Postgres = Postgres(values, store == "postgres"),
            ClusterId = Name("Cluster:Id", values.Text("Cluster:Id") ?? defaults.ClusterId),
            ServiceId = Name("Cluster:Service", values.Text("Cluster:Service") ?? defaults.ServiceId),
            Address = values.Text("Cluster:Address") ?? defaults.Address,
            SiloPort = values.Number("Cluster:SiloPort", 0, 65535),
            GatewayPort = values.Number("Cluster:GatewayPort", 0, 65535),
            Kubernetes = Kubernetes(values),
            DataBytes = values.Limit("Limits:DataBytes", defaults.DataBytes),
            ClockDrift = TimeSpan.FromSeconds(
                values.Number("ClockDriftSeconds", 1, MaxDriftSeconds) ?? (int)defaults.ClockDrift.TotalSeconds),
        };
        if (!settings.IsCluster) TryFolder(settings.Data);
        return TryPorts(settings);
    }

    /// <summary>What a process without a silo needs to find those of others. Only PostgreSQL knows of them.</summary>
    public static SiloSettings WithoutSilo(SettingValues values)
    {
        if (values.OneOf("Store", "postgres", "sqlite", "postgres") == "sqlite")
            throw new WrongSettingException("Role", "a gateway alone finds its silos through PostgreSQL, set Store postgres or use all");
        var defaults = new SiloSettings();
        return defaults with
        {
            Store = "postgres",
            Postgres = Postgres(values, required: true),
            ClusterId = Name("Cluster:Id", values.Text("Cluster:Id") ?? defaults.ClusterId),
            ServiceId = Name("Cluster:Service", values.Text("Cluster:Service") ?? defaults.ServiceId),
            DataBytes = values.Limit("Limits:DataBytes", defaults.DataBytes),
        };
    }

    /// <summary>Where to listen for HTTP, or null.</summary>
    public static string? Urls(SettingValues values)
    {
        if (values.Text("Urls") is not { } text) return null;
        foreach (var url in text.Split(';', StringSplitOptions.RemoveEmptyEntries))
            if (!IsUrl(url)) throw new WrongSettingException("Urls", $"'{url}' is no address, use one such as http://127.0.0.1:5080");
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

    /// <summary>Never repeats the text: it has a password in it.</summary>
    private static string? Postgres(SettingValues values, bool required)
    {
        const string Example = "use one such as 'Host=127.0.0.1;Database=orleanssync;Username=orleanssync;Password=…'";
        if (values.Text("ConnectionStrings:Postgres") is not { } text)
            return required ? throw new WrongSettingException("ConnectionStrings:Postgres", $"it is missing, {Example}") : null;
        try
        {
            if (new NpgsqlConnectionStringBuilder(text).Host is { Length: > 0 }) return text;
        }
        catch (Exception failure) when (failure is ArgumentException or FormatException)
        {
            // Said below.
        }
        throw new WrongSettingException("ConnectionStrings:Postgres", $"it is no connection string with a host, {Example}");
    }

    /// <summary>What Kubernetes gives to every pod is there, or nobody could be asked.</summary>
    private static bool Kubernetes(SettingValues values)
    {
        if (!values.Flag("Cluster:Kubernetes", false)) return false;
        return Environment.GetEnvironmentVariable("KUBERNETES_SERVICE_HOST") is { Length: > 0 }
            ? true
            : throw new WrongSettingException("Cluster:Kubernetes", "this process is in no pod of Kubernetes, use false");
    }

    private static string Name(string setting, string name) => name.Length <= 100
        ? name
        : throw new WrongSettingException(setting, "it is longer than 100 characters, use a shorter name");

    private static void TryFolder(string folder)
    {
        try
        {
            Directory.CreateDirectory(folder);
            var probe = Path.Combine(folder, $".writable-{Environment.ProcessId}");
            File.Create(probe, 1, FileOptions.DeleteOnClose).Dispose();
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            throw new WrongSettingException("Data", $"the directory '{folder}' cannot be written, use one that can");
        }
    }

    private static SiloSettings TryPorts(SiloSettings settings)
    {
        if (!IPAddress.TryParse(settings.Address, out var address))
            throw new WrongSettingException("Cluster:Address", $"'{settings.Address}' is no IP address, use one of this machine such as 127.0.0.1");
        if (settings.SiloPort > 0 && settings.SiloPort == settings.GatewayPort)
            throw new WrongSettingException("Cluster:GatewayPort", "it is the same as Cluster:SiloPort, use another one");
        return settings with
        {
            SiloPort = TryPort("Cluster:SiloPort", address, settings.SiloPort ?? (settings.IsCluster ? ClusterSiloPort : 0)),
            GatewayPort = TryPort("Cluster:GatewayPort", address, settings.GatewayPort ?? (settings.IsCluster ? ClusterGatewayPort : 0)),
        };
    }

    private static int TryPort(string setting, IPAddress address, int port)
    {
        try
        {
            using var probe = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
            probe.Bind(new IPEndPoint(address, port));
            probe.Listen(1);
            return ((IPEndPoint)probe.LocalEndPoint!).Port;
        }
        catch (SocketException failure) when (failure.SocketErrorCode == SocketError.AddressNotAvailable)
        {
            throw new WrongSettingException("Cluster:Address", $"this machine has no address {address}, use one of its own such as 127.0.0.1");
        }
        catch (SocketException)
        {
            throw new WrongSettingException(setting, $"port {port} of {address} cannot be had, end who listens there or use another one");
        }
    }
}
