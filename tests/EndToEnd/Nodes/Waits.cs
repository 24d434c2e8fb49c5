namespace OrleansSync.EndToEnd.Nodes;

/// <summary>How long clients had to wait, as a line for people: with how busy the machine was, since that decides it.</summary>
internal static class Waits
{
    public static string Of(string what, IEnumerable<TimeSpan> times)
    {
        var sorted = times.Order().ToArray();
        var load = File.ReadAllText("/proc/loadavg").Split(' ')[0];
        return $"{what}: {sorted.Length}, p50 {sorted[sorted.Length / 2].TotalMilliseconds:0} ms, max {sorted[^1].TotalMilliseconds:0} ms, at a load average of {load}";
    }
}
