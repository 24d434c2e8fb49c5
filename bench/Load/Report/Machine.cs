using System.Globalization;
using System.Runtime.InteropServices;

namespace OrleansSync.Load.Report;

/// <summary>Where the generator ran, and as a rule the server as well: a figure means nothing without it.</summary>
internal sealed record Machine
{
    public required string Processor { get; init; }
    public required int Cores { get; init; }
    public required double Gigabytes { get; init; }
    public required string System { get; init; }
    public required string Runtime { get; init; }

    /// <summary>Processes that wanted to run, of the last minute, before anything was measured: far from 0, others were at work. Missing where it is not known.</summary>
    public double? LoadBefore { get; init; }

    public static Machine Here() => new()
    {
        Processor = Line("/proc/cpuinfo", "model name") ?? RuntimeInformation.ProcessArchitecture.ToString(),
        Cores = Environment.ProcessorCount,
        Gigabytes = Math.Round(GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / 1e9, 1),
        System = RuntimeInformation.OSDescription,
        Runtime = RuntimeInformation.FrameworkDescription,
        LoadBefore = File.Exists("/proc/loadavg") ? double.Parse(File.ReadAllText("/proc/loadavg").Split(' ')[0], CultureInfo.InvariantCulture) : null,
    };

    private static string? Line(string file, string name) =>
        !File.Exists(file) ? null : File.ReadLines(file).FirstOrDefault(line => line.StartsWith(name, StringComparison.Ordinal))?.Split(':', 2)[1].Trim();
}
