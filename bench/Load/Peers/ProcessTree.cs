namespace OrleansSync.Load.Peers;

/// <summary>A process and its children, as Linux accounts for them: for a server that has a process for each connection.</summary>
internal sealed class ProcessTree(int root)
{
    private const int TicksPerSecond = 100;

    /// <summary>Of those that run, and of those children that have ended.</summary>
    public TimeSpan CpuTime => Members().Aggregate(TimeSpan.Zero, (sum, member) => sum + member.Cpu);

    /// <summary>In bytes. Memory that the processes share is counted with each.</summary>
    public long WorkingSet => Members().Sum(member => member.Resident);

    /// <summary>The oldest process that has this among its arguments.</summary>
    public static ProcessTree With(string argument) => new(Pids().Order().First(pid => Read(pid, "cmdline").Contains(argument, StringComparison.Ordinal)));

    private IEnumerable<(TimeSpan Cpu, long Resident)> Members()
    {
        foreach (var pid in Pids())
        {
            // The name, in brackets, may hold anything; what follows it is numbers, from the third field on.
            var stat = Read(pid, "stat");
            var fields = stat[(stat.LastIndexOf(')') + 1)..].Split(' ', StringSplitOptions.RemoveEmptyEntries);
            if (fields.Length < 22 || (pid != root && int.Parse(fields[1]) != root)) continue;
            var ticks = fields[11..(pid == root ? 15 : 13)].Sum(long.Parse);
            yield return (TimeSpan.FromSeconds((double)ticks / TicksPerSecond), long.Parse(fields[21]) * Environment.SystemPageSize);
        }
    }

    private static IEnumerable<int> Pids() =>
        Directory.EnumerateDirectories("/proc").Select(Path.GetFileName).Where(name => int.TryParse(name, out _)).Select(name => int.Parse(name!));

    /// <summary>Nothing if the process is gone.</summary>
    private static string Read(int pid, string file)
    {
        try
        {
            return File.ReadAllText($"/proc/{pid}/{file}");
        }
        catch (IOException)
        {
            return "";
        }
    }
}
