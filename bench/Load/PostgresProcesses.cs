using System.Globalization;
using Npgsql;

namespace OrleansSync.Load;

/// <summary>All processes of a PostgreSQL server of this machine, and what they have cost until now.</summary>
internal sealed class PostgresProcesses
{
    private const int TicksPerSecond = 100;

    private readonly int _server;

    private PostgresProcesses(int server) => _server = server;

    public static async Task<PostgresProcesses> Of(string database)
    {
        await using var connection = new NpgsqlConnection(database + ";Pooling=false");
        await connection.OpenAsync();
        await using var ask = new NpgsqlCommand("select pg_backend_pid()", connection);
        return new((int)Stat((int)(await ask.ExecuteScalarAsync())!)![1]);
    }

    /// <summary>Of the server, of its processes, and of those that have ended.</summary>
    public TimeSpan CpuTime()
    {
        var ticks = Stat(_server)![11..15].Sum() + Children().Sum(child => child.Stat[11] + child.Stat[12]);
        return TimeSpan.FromSeconds(ticks / (double)TicksPerSecond);
    }

    /// <summary>Resident, in bytes; what the processes share is counted once.</summary>
    public long Memory() => Children().Select(child => child.Process).Prepend(_server).Sum(Proportional);

    private IEnumerable<(int Process, long[] Stat)> Children()
    {
        foreach (var folder in Directory.EnumerateDirectories("/proc"))
            if (int.TryParse(Path.GetFileName(folder), out var process) && Stat(process) is { } stat && stat[1] == _server)
                yield return (process, stat);
    }

    /// <summary>Its own memory and its part of what it shares; 0 when the process is gone.</summary>
    private static long Proportional(int process)
    {
        try
        {
            var line = File.ReadLines($"/proc/{process}/smaps_rollup").FirstOrDefault(line => line.StartsWith("Pss:", StringComparison.Ordinal));
            return line is null ? 0 : 1024 * long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture);
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            return 0;
        }
    }

    /// <summary>What stands behind the name, from the state on: the parent is 1, the times are 11 to 14. Null when the process is gone.</summary>
    private static long[]? Stat(int process)
    {
        try
        {
            var stat = File.ReadAllText($"/proc/{process}/stat");
            return [.. stat[(stat.LastIndexOf(')') + 2)..].Split(' ').Select(each => long.TryParse(each, out var number) ? number : 0)];
        }
        catch (IOException)
        {
            return null;
        }
    }
}
