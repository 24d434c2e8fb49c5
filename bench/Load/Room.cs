using System.Globalization;

namespace OrleansSync.Load;

/// <summary>How many connections to one server there can be: each takes a file descriptor on either side, and a local port. The runtime has raised the soft limit of files to the hard one, and servers inherit it.</summary>
internal static class Room
{
    // Files that every process has open beside connections, and ports that servers listen on.
    private const int Spare = 500;

    private static int Connections { get; } = Math.Min(Files(), Ports()) - Spare;

    /// <summary>Why there cannot be so many; null = there can.</summary>
    public static string? Lacks(int connections) => connections <= Connections ? null : $"there is room for {Connections:N0} connections here (ulimit -n, local ports)";

    private static int Files() => Numbers("/proc/self/limits", "Max open files") is [var soft, ..] ? soft : int.MaxValue;

    private static int Ports() => Numbers("/proc/sys/net/ipv4/ip_local_port_range", "") is [var first, var last] ? last - first : int.MaxValue;

    private static int[] Numbers(string file, string line) => !File.Exists(file) ? [] :
    [
        .. File.ReadLines(file).First(each => each.StartsWith(line, StringComparison.Ordinal))[line.Length..]
            .Split([' ', '\t'], StringSplitOptions.RemoveEmptyEntries)
            .Select(word => int.TryParse(word, CultureInfo.InvariantCulture, out var number) ? number : -1)
            .Where(number => number >= 0),
    ];
}
