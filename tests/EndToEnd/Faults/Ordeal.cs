using System.Diagnostics;
using OrleansSync.EndToEnd.Nodes;

namespace OrleansSync.EndToEnd.Faults;

/// <summary>One fault under a load of its own, from a good start to the checker's verdict.</summary>
/// <param name="Around">Until writes to every collection were answered again by somebody, the fault still being there; null = they cannot be.</param>
/// <param name="After">Until every client and every collection had a write answered, from when the fault was mended.</param>
internal sealed record Ordeal(string Fault, TimeSpan? Around, TimeSpan Mending, TimeSpan After, LoadReport Report, IReadOnlyList<string> Notes, string LoadAverage)
{
    private const int Clients = 20;
    private const int Collections = 6;

    public bool IsGood => Report.IsGood;

    public static async Task<Ordeal> Under(Cluster cluster, Fault fault, int round, int seed)
    {
        var random = new Random(seed);
        await using var load = new Load(cluster.Gateways, Clients, null, seed, [.. Enumerable.Range(0, Collections).Select(number => $"o{round}-{number}")]);
        await load.Progress(300);

        var clock = Stopwatch.StartNew();
        await fault.Strike(cluster, random);
        // Only what began after the blow counts.
        TimeSpan? around = fault.WritesGoOn ? await load.CollectionsGoOn() : null;
        await fault.During(cluster);
        if (fault.Lasts - clock.Elapsed is { Ticks: > 0 } rest) await Task.Delay(rest);

        var mended = Stopwatch.StartNew();
        var after = load.AllGoOn();
        await fault.Mend(cluster);
        var mending = mended.Elapsed;
        var goneOn = await after;
        await load.Progress(200);
        return new(fault.Name, around, mending, goneOn, await load.End(), fault.Notes, LoadNow());
    }

    public override string ToString() =>
        $"{Fault}: writes to all collections again after {(Around is { } around ? $"{around.TotalSeconds:0.00} s" : "-")}, after the mend ({Mending.TotalSeconds:0.00} s) began {After.TotalSeconds:0.00} s for every client; "
        + $"load {LoadAverage}; {Report}{string.Concat(Notes.Select(note => $"\n    {note}"))}";

    private static string LoadNow() => File.ReadAllText("/proc/loadavg").Split(' ')[0];
}
