using OrleansSync.Load.Generators;
using OrleansSync.Load.Measures;
using OrleansSync.Load.Peers;
using OrleansSync.Postgres;

namespace OrleansSync.Load.Scenarios;

/// <summary>
/// A cluster on PostgreSQL: durable writes a second beside what the same PostgreSQL takes with nothing in front of it, what a write costs on one node and
/// on three, and how long a write is under way from one node to a subscriber on another.
/// </summary>
internal sealed class Postgres : IScenario
{
    private const int Collections = 3;

    public string Name => "postgres";
    public string Description => "a cluster on PostgreSQL: writes, what they cost on one node and on three, latency from node to node";
    public IReadOnlyList<Setting> Settings { get; } = [.. Setting.Usual, Setting.Records, Setting.InFlight, Setting.Rate];
    public bool TakesTarget => false;
    public bool InAll => false;

    public async Task Run(LoadRun run, Options options)
    {
        run.Screen.Preparing("PostgreSQL starts");
        await using var postgres = await TemporaryPostgres.Start();
        var processes = await PostgresProcesses.Of(postgres.ConnectionString("postgres"));
        var database = new Watched("PostgreSQL", processes.CpuTime, null);
        var raw = await Raw(run, postgres, database, "", options);
        foreach (var load in WriteLoad.Chosen(options)) await Writes(run, postgres, database, load, raw, options);
        await Raw(run, postgres, database, ", again", options);
        if (options.InFlight != 0) return;
        foreach (var nodes in new[] { 1, 3 }) await Cost(run, postgres, database, nodes, options);
        await Between(run, postgres, options);
    }

    /// <summary>Through the store and in the plainest way: the faster of them is the raw limit.</summary>
    private async Task<double> Raw(LoadRun run, TemporaryPostgres postgres, Watched database, string again, Options options)
    {
        var here = new Watched("here", () => Environment.CpuUsage.TotalTime, null);
        var store = await RawStore.Postgres(run, Limit($"raw, the store's statements{again}", options), await postgres.CreateDatabase(), options, here, database);
        var plain = await PlainPostgres.Measure(run, Limit($"raw, log and upsert alone{again}", options), await postgres.CreateDatabase(), options, here, database);
        Line("raw, the store's statements", store);
        Line("raw, log and upsert alone  ", plain);
        return Math.Max(store.Found.PerSecond, plain.Found.PerSecond);

        void Line(string what, (Measurement Found, Meter Meter) seen)
        {
            run.Add(seen.Found);
            run.Line($"{what}{again,-7}    {seen.Found.PerSecond,10:N0} writes/s               CPU a write: here {seen.Meter.CpuAnOperation(0):0.0} µs, PostgreSQL {seen.Meter.CpuAnOperation(1):0.0} µs");
        }
    }

    private Measurement Limit(string name, Options options) => LoadRun.Blank(this, "", new Subject(name, "", Role.Limit), options, "writes");

    private Measurement Ours(string @case, int nodes, Options options, string unit = "writes") =>
        LoadRun.Blank(this, @case, new Subject($"OrleansSync on PostgreSQL, {nodes} node{(nodes == 1 ? "" : "s")}", Contenders.All[0].Version, Role.Ours), options, unit);

    private async Task Writes(LoadRun run, TemporaryPostgres postgres, Watched database, WriteLoad load, double raw, Options options)
    {
        run.Screen.Preparing("a node starts");
        await using var cluster = await Cluster.Start(postgres, 1);
        var (found, meter) = await load.Run(run, Ours($"{load.InFlight} in flight", 1, options), [Watched.Of(cluster.Nodes[0], "node"), database], share => Generation.Of(share, index => cluster.ConnectWriter(index)), options);
        run.Add(found);
        run.Line(
            $"WebSocket, {load.InFlight,4} in flight              {found.PerSecond,10:N0} writes/s   {found.PerSecond / raw:0.00} x raw   CPU a write: node {meter.CpuAnOperation(0):0.0} µs, PostgreSQL {meter.CpuAnOperation(1):0.0} µs");
    }

    private async Task Cost(LoadRun run, TemporaryPostgres postgres, Watched database, int count, Options options)
    {
        run.Screen.Preparing($"nodes start: {count}");
        await using var cluster = await Cluster.Start(postgres, count);
        var collections = new List<string>();
        for (var i = 0; i < Collections; i++) collections.Add(await cluster.CollectionOn(i % count));
        var load = new WriteLoad(512, 16);
        var (found, meter) = await load.Run(
            run, Ours($"{count} node{(count == 1 ? "" : "s")}, {Collections} collections, 512 in flight", count, options),
            [.. cluster.Nodes.Select((node, i) => Watched.Of(node, $"node {i + 1}")), database], share => Generation.Of(share, index => cluster.ConnectWriter(index, collections)), options);
        run.Add(found);
        var each = Enumerable.Range(0, count).Select(meter.CpuAnOperation).ToArray();
        run.Line(
            $"{count} node{(count == 1 ? " " : "s")}, {Collections} collections, 512 in flight {found.PerSecond,10:N0} writes/s   CPU a write: nodes {each.Sum():0.0} µs ({string.Join(" + ", each.Select(cpu => $"{cpu:0.0}"))}), PostgreSQL {meter.CpuAnOperation(count):0.0} µs");
    }

    private async Task Between(LoadRun run, TemporaryPostgres postgres, Options options)
    {
        run.Screen.Preparing("three nodes start");
        await using var cluster = await Cluster.Start(postgres, 3);
        foreach (var (home, where) in new[] { (0, "the writer's node"), (1, "the subscriber's node"), (2, "a third node") })
        {
            var collection = await cluster.CollectionOn(home);
            using var subscriber = await Subscriber.ToFeed(cluster.Nodes[1].Port, collection, null, "\"type\":\"upsert\"");
            using var writer = await SocketWriter.Connect(cluster.Nodes[0].Port, new OrleansSyncDialect(0, collection));
            var paced = new PacedWrites(writer, [subscriber], options);
            var meter = new Meter(Ours($"to a subscriber on another node, home on {where}", 3, options, "deliveries") with { RateIsResult = false }, run)
            {
                Count = () => paced.Delivered,
                Watched = [.. cluster.Nodes.Select((node, i) => Watched.Of(node, $"node {i + 1}"))],
                LatencyOf = "a write being due to a subscriber on another node having it",
            };
            await paced.Run(meter, everyWrite: true);
            if (!await cluster.IsOn(home, collection)) run.Line("  the feed moved meanwhile");
            var found = meter.Result();
            run.Add(found);
            if (found.Latency is { } latency) run.Line($"write -> subscriber on another node, home on {where,-21}   {PacedWrites.Line(latency)}");
        }
    }
}
