using System.Diagnostics;
using System.Globalization;
using System.Text;
using OrleansSync.Load.Measures;
using OrleansSync.Load.Peers;

namespace OrleansSync.Load.Scenarios;

/// <summary>Clients that were away come back all at once, each from where it was: how long until all have what they missed.</summary>
internal sealed class Reconnect : IScenario
{
    private const int WarmUpClients = 50;
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    // Once in whatever holds one of the changes, whoever sends it.
    private const string Number = "bread, number ";

    public string Name => "reconnect";
    public string Description => "clients come back at once after missing changes of one record, or of as many records: until all are up to date";
    public IReadOnlyList<Setting> Settings { get; } = [.. Setting.Usual.Where(setting => setting != Setting.WarmUp), Setting.Subscribers.Of(1000), Setting.Changes];

    public async Task Run(LoadRun run, Options options)
    {
        foreach (var records in new[] { 1, options.Changes })
        {
            foreach (var contender in new[] { options.Ours }.Concat(options.Beside()))
            {
                var found = await run.With(contender, options.Changes, server => Measure(run, contender, server, records, options));
                if (found?.Latency is not { } latency) continue;
                run.Line(
                    $"{options.Subscribers} back after {options.Changes} changes of {records,5} record{(records == 1 ? " " : "s")}   all up to date after {found.Figures[0].Value:0.00} s   "
                    + $"p50 {latency.P50:0.0} ms, p99 {latency.P99:0.0} ms{(LoadRun.IsOurs(contender) ? "" : $"   {contender.Name}")}");
            }
        }
    }

    private async Task<Measurement> Measure(LoadRun run, IContender contender, ILiveServer server, int records, Options options)
    {
        var place = await Leave(server, records) ?? throw new ContenderMissing("who was away is only told what comes from then on");
        run.Screen.Preparing($"{options.Changes} changes are made");
        await Change(server, records, options.Changes);

        long back = 0;
        var what = LoadRun.Blank(this, $"{options.Changes:N0} changes of {records:N0} record{(records == 1 ? "" : "s")}", contender, options, "clients") with { RateIsResult = false };
        var meter = new Meter(what, run)
        {
            Count = () => Volatile.Read(ref back),
            Watched = LoadRun.Cost(server),
            LatencyOf = "all coming back to one being up to date",
        };
        await Return(WarmUpClients, Stopwatch.GetTimestamp());
        var rounds = new List<TimeSpan>();
        var measuring = meter.Measure(options.Time);
        for (var clock = Stopwatch.StartNew(); clock.Elapsed < options.Time;)
        {
            var round = Stopwatch.StartNew();
            await Return(options.Subscribers, Stopwatch.GetTimestamp());
            rounds.Add(round.Elapsed);
        }

        await measuring;
        var found = meter.Result();
        return found with
        {
            Figures = [new("all up to date, mean of the rounds", rounds.Average(round => round.TotalSeconds), "s", Better.Lower)],
            Notes = [.. found.Notes, contender.Traits.Resumes ? "told what it missed" : "reads everything again", $"{rounds.Count} round{(rounds.Count == 1 ? "" : "s")} of {options.Subscribers} clients"],
        };

        Task Return(int clients, long began) => Task.WhenAll(Enumerable.Range(0, clients).Select(async client =>
        {
            await CatchUp(server, client, place, records, options.Changes).WaitAsync(Patience, run.Cancelled);
            Interlocked.Increment(ref back);
            if (meter.Open is not null) Arrivals.Record(meter.Latency, began, Stopwatch.GetTimestamp());
        }));
    }

    /// <summary>One that has everything goes, and with it go all: they come back from the same place.</summary>
    private static async Task<string?> Leave(ILiveServer server, int records)
    {
        var (socket, dialect) = await server.Dial(0);
        using (socket) return await dialect.Place(socket, records).WaitAsync(Patience);
    }

    /// <summary>Each change is a put with its number in it, made when the one before is answered; the last one of all, or of each record, is what must arrive.</summary>
    private static async Task Change(ILiveServer server, int records, int changes)
    {
        // On a deployment that was measured before, the same data would be no change.
        var run = Random.Shared.Next();
        using var writer = await server.ConnectWriter(0);
        for (var number = 1; number <= changes; number++)
            await writer.Write(new((number - 1) % records, Encoding.UTF8.GetBytes(Payload.Data(run, number)))).WaitAsync(Patience);
    }

    private static async Task CatchUp(ILiveServer server, int client, string place, int records, int changes)
    {
        var (socket, dialect) = await server.Dial(client);
        using var _ = socket;
        await dialect.ComeBack(socket, records, place);
        // The last change of the one record; else each record, of which there was one change.
        var wanted = new TextCounter(Encoding.UTF8.GetBytes(records == 1 ? string.Create(CultureInfo.InvariantCulture, $"{Number}{changes}\"") : Number));
        var buffer = new byte[64 * 1024];
        for (var seen = 0; seen < records;)
        {
            var read = await socket.Receive(buffer);
            if (read == 0) throw new IOException("The server closed the connection.");
            seen += wanted.Count(buffer.AsSpan(0, read));
        }
    }
}
