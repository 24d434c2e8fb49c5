using System.Diagnostics;
using System.Globalization;
using System.Net;
using OrleansSync.Load.Measures;

namespace OrleansSync.Load;

/// <summary>Finds the process of this machine that listens on a port, as Linux tells it, so that its cost can be watched.</summary>
internal static class ListeningProcess
{
    private const string Listening = "0A";

    /// <summary>Null when it runs elsewhere, in a container of its own, or is somebody else's.</summary>
    public static async Task<Watched?> Of(Address address)
    {
        if (await Find(address) is not { } process) return null;
        return new("server", Refreshed(() => process.TotalProcessorTime), Refreshed(() => process.WorkingSet64));

        Func<T> Refreshed<T>(Func<T> look) => () =>
        {
            process.Refresh();
            return look();
        };
    }

    /// <summary>Null when it runs elsewhere, in a container of its own, or is somebody else's.</summary>
    public static async Task<Process?> Find(Address address)
    {
        if (!OperatingSystem.IsLinux() || !(await Dns.GetHostAddressesAsync(address.Host)).Any(IPAddress.IsLoopback)) return null;
        return Socket(address.Port) is { } socket && Owner(socket) is { } id ? Process.GetProcessById(id) : null;
    }

    /// <summary>The number of the socket: in a row of the table the address is 1, the state 3, the socket 9.</summary>
    private static string? Socket(int port)
    {
        var suffix = ":" + port.ToString("X4", CultureInfo.InvariantCulture);
        return new[] { "/proc/net/tcp", "/proc/net/tcp6" }.Where(File.Exists)
            .SelectMany(File.ReadLines)
            .Select(row => row.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            .FirstOrDefault(row => row.Length > 9 && row[3] == Listening && row[1].EndsWith(suffix, StringComparison.Ordinal))?[9];
    }

    private static int? Owner(string socket)
    {
        foreach (var folder in Directory.EnumerateDirectories("/proc"))
            if (int.TryParse(Path.GetFileName(folder), out var id) && Has(folder, $"socket:[{socket}]"))
                return id;
        return null;
    }

    private static bool Has(string folder, string link)
    {
        try
        {
            return Directory.EnumerateFileSystemEntries(Path.Combine(folder, "fd")).Any(each => new FileInfo(each).LinkTarget == link);
        }
        catch (Exception hidden) when (hidden is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }
}
