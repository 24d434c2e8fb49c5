using OrleansSync.Postgres;

namespace OrleansSync.Load;

/// <summary>
/// A cluster on PostgreSQL: durable writes a second beside what the same PostgreSQL takes with nothing in front of it, what a write costs on one node and
/// on three, and how long a write is under way from one node to a subscriber on another.
/// </summary>
internal static class PostgresRun
{
    private const int Collections = 3;

    public static async Task Run(Options options)
    {
        await using var postgres = await TemporaryPostgres.Start();
        var processes = await PostgresProcesses.Of(postgres.ConnectionString("postgres"));
        var raw = await Raw(postgres, processes, "", options);
        foreach (var load in options.WriteLoads()) await Writes(postgres, processes, load, raw, options);
        await Raw(postgres, processes, ", again", options);
        if (options.InFlight != 0) return;
        foreach (var nodes in new[] { 1, 3 }) await Cost(postgres, processes, nodes, options);
        await Latency(postgres, options);
    }

    /// <summary>Through the store and in the plainest way: the faster of them is the raw limit.</summary>
    private static async Task<double> Raw(TemporaryPostgres postgres, PostgresProcesses processes, string again, Options options)
    {
        var store = await RawStore.Postgres(await postgres.CreateDatabase(), options, OwnCpu, processes.CpuTime);
        var plain = await PlainPostgres.Measure(await postgres.CreateDatabase(), options, OwnCpu, processes.CpuTime);
        Console.WriteLine($"raw, the store's statements{again,-7}    {store.PerSecond,10:N0} writes/s               {Cpu(store)}");
        Console.WriteLine($"raw, log and upsert alone{again,-7}      {plain.PerSecond,10:N0} writes/s               {Cpu(plain)}");
        return Math.Max(store.PerSecond, plain.PerSecond);
    }

    private static string Cpu(WriteFigures figures) => $"CPU a write: here {figures.Cpu[0]:0.0} µs, PostgreSQL {figures.Cpu[1]:0.0} µs";

    private static TimeSpan OwnCpu() => Environment.CpuUsage.TotalTime;

    private static async Task Writes(TemporaryPostgres postgres, PostgresProcesses processes, WriteLoad load, double raw, Options options)
    {
        await using var cluster = await Cluster.Start(postgres, 1);
        var figures = await load.Run(cluster.Nodes, () => cluster.Nodes[0].CpuTime, processes.CpuTime);
        Console.WriteLine(
            $"WebSocket, {load.InFlight,4} in flight              {figures.PerSecond,10:N0} writes/s   {figures.PerSecond / raw:0.00} x raw   CPU a write: node {figures.Cpu[0]:0.0} µs, PostgreSQL {figures.Cpu[1]:0.0} µs");
    }

    private static async Task Cost(TemporaryPostgres postgres, PostgresProcesses processes, int count, Options options)
    {
        await using var cluster = await Cluster.Start(postgres, count);
        var collections = new List<string>();
        for (var i = 0; i < Collections; i++) collections.Add(await cluster.CollectionOn(i % count));
        Func<TimeSpan>[] nodes = [.. cluster.Nodes.Select(node => new Func<TimeSpan>(() => node.CpuTime))];
        var load = new WriteLoad(512, 16, options) { Collections = collections };
        var figures = await load.Run(cluster.Nodes, [.. nodes, processes.CpuTime]);
        var each = figures.Cpu.Take(count).ToArray();
        Console.WriteLine(
            $"{count} node{(count == 1 ? " " : "s")}, {Collections} collections, 512 in flight {figures.PerSecond,10:N0} writes/s   CPU a write: nodes {each.Sum():0.0} µs ({string.Join(" + ", each.Select(cpu => $"{cpu:0.0}"))}), PostgreSQL {figures.Cpu[count]:0.0} µs");
    }

    private static async Task Latency(TemporaryPostgres postgres, Options options)
    {
        await using var cluster = await Cluster.Start(postgres, 3);
        foreach (var (home, where) in new[] { (0, "the writer's node"), (1, "the subscriber's node"), (2, "a third node") })
        {
            var collection = await cluster.CollectionOn(home);
            var latency = await PacedWrites.Run(collection, cluster.Nodes[0].Port, cluster.Nodes[1].Port, 1, options);
            if (!await cluster.IsOn(home, collection)) Console.WriteLine("  the feed moved meanwhile");
            Console.WriteLine($"write -> subscriber on another node, home on {where,-21}   {PacedWrites.Line(latency)}");
        }
    }
}
