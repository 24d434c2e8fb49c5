using OrleansSync.Load.Measures;

namespace OrleansSync.Load.Scenarios;

/// <summary>
/// What a conflict that is as large as one can be costs those who have nothing to do with it: writers and subscribers of the ordinary records
/// of its collection, and of another collection, beside the same on a server without any conflict. The conditions take turns.
/// </summary>
internal sealed class Conflict : IScenario
{
    private const int Turns = 3;

    public string Name => "conflict";
    public string Description => "what a conflict of 32 candidates and 1 MiB costs others, beside a server without any";
    public IReadOnlyList<Setting> Settings { get; } = [.. Setting.Usual, Setting.Records];
    public bool TakesTarget => false;
    public bool InAll => false;

    public async Task Run(LoadRun run, Options options)
    {
        run.Screen.Preparing("two servers start, one of them with a conflict");
        await using var plain = await DisputedServer.Start(options, conflict: false);
        await using var disputed = await DisputedServer.Start(options, conflict: true);
        run.Screen.Preparing("warming up");
        await Task.WhenAll(plain.WarmUp(options), disputed.WarmUp(options));

        var rows = new[] { DisputedCollection.Articles, DisputedCollection.Notes }.Select(collection => Begin(run, collection, plain, disputed, options)).ToArray();
        for (var turn = 0; turn < Turns; turn++)
        {
            foreach (var row in rows)
            {
                await plain.Measure(row.Collection, row.None, options.Time / Turns);
                await disputed.Measure(row.Collection, row.Open, options.Time / Turns);
                await disputed.WhileClaimed(() => disputed.Measure(row.Collection, row.Claimed, options.Time / Turns));
            }
        }

        run.Line($"{"16 in flight, subscriber of",-52}{"writes/s",10}{"",8}{"p50 ms",9}{"",8}{"p99 ms",9}{"",8}{"server CPU",13}");
        foreach (var row in rows) Print(run, row);
        run.Line(disputed.Claims);
        if (plain.Lost + disputed.Lost is > 0 and var lost) run.Line($"  {lost} writes were not applied");
    }

    private Row Begin(LoadRun run, string collection, DisputedServer plain, DisputedServer disputed, Options options) => new(
        collection,
        Meter(run, collection, "no conflict anywhere", Role.Beside, plain, options),
        Meter(run, collection, "conflict open", Role.Ours, disputed, options),
        Meter(run, collection, "conflict claimed and released", Role.Ours, disputed, options));

    private Meter Meter(LoadRun run, string collection, string condition, Role role, DisputedServer server, Options options) =>
        new(LoadRun.Blank(this, $"16 in flight, subscriber of {Called(collection)}", new Subject(condition, "", role), options, "writes"), run)
        {
            Count = () => server.Answered(collection),
            Watched = [Watched.Of(server.Process)],
            LatencyOf = "sending a write to its subscriber having it",
        };

    private static void Print(LoadRun run, Row row)
    {
        var none = row.None.Result();
        foreach (var meter in new[] { row.None, row.Open, row.Claimed })
        {
            var seen = meter.Result();
            run.Add(seen);
            run.Line(
                $"{$"{Called(row.Collection)}, {seen.Subject.Name}",-52}{seen.PerSecond,10:N0}{Ratio(seen, none, each => each.PerSecond)}"
                + $"{seen.Latency?.P50 ?? 0,9:0.00}{Ratio(seen, none, each => each.Latency?.P50 ?? 0)}{seen.Latency?.P99 ?? 0,9:0.00}{Ratio(seen, none, each => each.Latency?.P99 ?? 0)}"
                + $"{Cores(seen),13:0.00}{Ratio(seen, none, Cores)}");
        }
    }

    private static double Cores(Measurement seen) => seen.Server!.CpuSeconds.Values.Sum() / seen.Seconds;

    private static string Called(string collection) => collection == DisputedCollection.Articles ? "the ordinary articles" : "notes";

    private static string Ratio(Measurement seen, Measurement none, Func<Measurement, double> figure) => $"{$"x {figure(seen) / figure(none):0.00}",8}";

    private sealed record Row(string Collection, Meter None, Meter Open, Meter Claimed);
}
