using System.Diagnostics;
using OrleansSync.Load.Measures;
using OrleansSync.Load.Peers;
using OrleansSync.Load.Techniques;

namespace OrleansSync.Load.Scenarios;

/// <summary>The same updates of one collection followed at the same time by all five techniques: what each costs on the wire, and how old what it has is.</summary>
internal sealed class Techniques : IScenario
{
    /// <summary>Of writing, beyond what was asked for, while the last reads are waited for.</summary>
    private const int SpareSeconds = 60;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);

    public string Name => "techniques";
    public string Description => "periodic refresh, polling, long polling, server-sent events and WebSocket side by side: requests, bytes, and how old what a client has is";
    public IReadOnlyList<Setting> Settings { get; } = [Setting.Seconds.Of(20), Setting.WarmUp, Setting.Seed, Setting.Rate.Of(5), Setting.Clients.Of(10), Setting.Records.Of(100), Setting.Interval];

    public async Task Run(LoadRun run, Options options)
    {
        options = options with { Records = Math.Min(options.Records, PeriodicRefresh.MostRecords) };
        run.Screen.Preparing($"{options.Ours.Name} starts");
        await using var server = await options.Ours.Start(options.Records);
        var address = IAddressed.Of(server);
        // Of its own, so that whoever reads the whole list reads these records alone.
        var collection = $"techniques-{Guid.NewGuid():N}";
        using var writer = await SocketWriter.Connect(address, new OrleansSyncDialect(0, collection));
        for (var record = 0; record < options.Records; record++) await writer.Write(new(record, Updates.Data(0)));
        var updates = new Updates(options.Records, options.Rate * (options.WarmUpSeconds + options.Seconds + SpareSeconds), options.Random(0));
        await SideBySide(run, server, AllFollowers(address, collection, updates, options), new PacedUpdates(writer, updates, options.Rate), updates, options);
    }

    private static IReadOnlyList<Followers> AllFollowers(Address address, string collection, Updates updates, Options options)
    {
        return
        [
            Of("periodic refresh", (holdings, turns) => new PeriodicRefresh(address, collection, holdings, turns)),
            Of("polling", (holdings, turns) => new Polling(address, collection, holdings, turns)),
            Of("long polling", (holdings, _) => new LongPolling(address, collection, holdings)),
            Of("server-sent events", (holdings, _) => new EventStream(address, collection, holdings)),
            Of("WebSocket", (holdings, _) => new SocketFollower(address, collection, holdings)),
        ];

        Followers Of(string technique, Func<Holdings, Turns, Follower> follower) => new(technique,
            [.. Enumerable.Range(0, options.Clients).Select(client => follower(new(updates), Turns.Of(client, options.Clients, TimeSpan.FromSeconds(options.Interval))))]);
    }

    private async Task SideBySide(LoadRun run, ILiveServer server, IReadOnlyList<Followers> techniques, PacedUpdates writing, Updates updates, Options options)
    {
        var blank = LoadRun.Blank(this, $"{options.Clients} clients each, {options.Rate} writes/s, {options.Interval} s from look to look", options.Ours, options, "updates") with { RateIsResult = false };
        var meter = new Meter(blank with { Subject = new("all techniques", "", Role.Ours) }, run) { Count = () => techniques.Sum(followers => followers.Given), Watched = LoadRun.Cost(server) };
        using var stop = new CancellationTokenSource();
        foreach (var followers in techniques) await followers.Join();
        var working = Task.WhenAll([writing.Run(stop.Token), .. techniques.Select(followers => followers.Run(stop.Token))]);
        try
        {
            await meter.WarmUp(options.WarmUp);
            var first = writing.Next;
            foreach (var followers in techniques) followers.BeginMeasuring();
            await meter.Measure(options.Time);
            foreach (var followers in techniques) followers.EndMeasuring();
            var written = first..writing.Next;
            await TheLastLooks(techniques, written, options);
            foreach (var followers in techniques) run.Add(followers.Result(Row(blank, followers, meter), written, updates));
        }
        finally
        {
            await stop.CancelAsync();
            await working;
            foreach (var followers in techniques) followers.Dispose();
        }

        Print(run, meter);
    }

    private static Measurement Row(Measurement blank, Followers followers, Meter meter) =>
        blank with { Subject = new(followers.Technique, "", Role.Ours), Seconds = meter.Result().Seconds };

    private static async Task TheLastLooks(IReadOnlyList<Followers> techniques, Range written, Options options)
    {
        var patience = TimeSpan.FromSeconds(options.Interval) + Patience;
        for (var clock = Stopwatch.StartNew(); clock.Elapsed < patience && !techniques.All(followers => followers.Has(written));) await Task.Delay(20);
    }

    private void Print(LoadRun run, Meter meter)
    {
        var rows = run.Measurements.Where(each => each.Scenario == Name).ToArray();
        run.Line(rows[0].Case);
        run.Line($"  {"",-20}{"requests",9}{"received",12}{"an update",12}{"updates seen",16}{"p50 ms",10}{"p95 ms",10}{"p99 ms",10}");
        foreach (var row in rows)
        {
            run.Line(
                $"  {row.Subject.Name,-20}{Of(row, "requests"),9:N0}{Of(row, "received"),9:N0} KB{Of(row, "received an update"),10:N0} B{Of(row, "updates seen"),16:N0}"
                + $"{row.Latency?.P50,10:N1}{Of(row, "p95 latency"),10:N1}{row.Latency?.P99,10:N1}");
        }

        if (meter.Result().Server is { } server) run.Line($"  server, all techniques together: {100 * server.CpuSeconds.Values.Sum() / meter.Result().Seconds:0.0} % of a core");
    }

    private static double? Of(Measurement row, string figure) => row.Figures.FirstOrDefault(each => each.Name == figure)?.Value;
}
