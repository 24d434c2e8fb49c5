using System.Diagnostics;
using OrleansSync.EndToEnd.Nodes;
using Xunit.Abstractions;

namespace OrleansSync.EndToEnd.Faults;

/// <summary>
/// <c>--minutes 20 --seed 7</c>: faults of every kind on one cluster until the time is over, each with its own load and verdict. Every kind comes
/// once before any comes again. Ends with 1 when anything was not as promised.
/// </summary>
internal static class LongRun
{
    public static readonly NodeKind[] Kinds = [NodeKind.Both, NodeKind.Both, NodeKind.Both, NodeKind.Gateway, NodeKind.Gateway];

    public static async Task<int> Run(string[] arguments)
    {
        var (minutes, seed) = (Number(arguments, "--minutes", 20), Number(arguments, "--seed", 1));
        Console.WriteLine($"{minutes} minutes with seed {seed}");
        if (IpCommand.WhyNot is { } why) Console.WriteLine($"The network is not cut. {why}");
        await using var cluster = IpCommand.WhyNot is null ? await Cluster.StartedOnNetwork(new Silence(), Kinds) : await Cluster.Started(new Silence(), Kinds);
        try
        {
            return await Rounds(cluster, TimeSpan.FromMinutes(minutes), seed) ? 0 : 1;
        }
        catch (Exception failure)
        {
            Console.WriteLine(failure);
            foreach (var node in cluster.Nodes) Console.WriteLine($"==== {node}\n{node.Process.Said}");
            return 1;
        }
    }

    private static async Task<bool> Rounds(Cluster cluster, TimeSpan time, int seed)
    {
        var ordeals = new List<Ordeal>();
        try
        {
            await Rounds(cluster, time, new(seed), ordeals);
        }
        finally
        {
            Sum(ordeals);
        }
        return ordeals.TrueForAll(ordeal => ordeal.IsGood);
    }

    private static async Task Rounds(Cluster cluster, TimeSpan time, Random random, List<Ordeal> ordeals)
    {
        var (clock, due) = (Stopwatch.StartNew(), new Queue<Func<Fault>>());
        while (clock.Elapsed < time)
        {
            if (due.Count == 0)
            {
                var order = Fault.All.ToArray();
                random.Shuffle(order);
                due = new(order);
            }
            var ordeal = await Ordeal.Under(cluster, due.Dequeue()(), ordeals.Count, random.Next());
            ordeals.Add(ordeal);
            Console.WriteLine($"{clock.Elapsed:mm\\:ss} {ordeals.Count}. {ordeal}");
        }
    }

    private static void Sum(List<Ordeal> ordeals)
    {
        Console.WriteLine("\n| fault | times | writes again meanwhile, median / max | every client again after the mend began, median / max | calls | never answered | verdict |\n|---|---|---|---|---|---|---|");
        foreach (var same in ordeals.GroupBy(ordeal => ordeal.Fault).OrderBy(each => each.Key))
        {
            var around = same.Select(ordeal => ordeal.Around).OfType<TimeSpan>().ToArray();
            Console.WriteLine(
                $"| {same.Key} | {same.Count()} | {Spread(around)} | {Spread([.. same.Select(ordeal => ordeal.After)])} | {same.Sum(ordeal => ordeal.Report.Calls)} "
                + $"| {same.Sum(ordeal => ordeal.Report.Unanswered)} | {(same.All(ordeal => ordeal.IsGood) ? "good" : $"{same.Count(ordeal => !ordeal.IsGood)} bad")} |");
        }
        Console.WriteLine($"\n{ordeals.Count} faults, {ordeals.Sum(ordeal => ordeal.Report.Calls)} calls, {ordeals.Count(ordeal => !ordeal.IsGood)} bad verdicts");
    }

    private static string Spread(TimeSpan[] times)
    {
        if (times.Length == 0) return "-";
        var sorted = times.Order().ToArray();
        return $"{sorted[sorted.Length / 2].TotalSeconds:0.00} / {sorted[^1].TotalSeconds:0.00} s";
    }

    private static int Number(string[] arguments, string name, int otherwise) =>
        Array.IndexOf(arguments, name) is var at && at >= 0 && at + 1 < arguments.Length ? int.Parse(arguments[at + 1]) : otherwise;

    /// <summary>What nodes said is only shown where the run ends early.</summary>
    private sealed class Silence : ITestOutputHelper
    {
        public void WriteLine(string message)
        {
        }

        public void WriteLine(string format, params object[] args)
        {
        }
    }
}
