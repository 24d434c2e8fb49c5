using System.Diagnostics;
using HdrHistogram;
using OrleansSync.Load.Applications;
using OrleansSync.Load.Endurance;
using OrleansSync.Load.Measures;
using OrleansSync.Load.Peers;

namespace OrleansSync.Load.Scenarios;

/// <summary>A moderate load for long, with clients that come and go: whether latency, memory, threads and open files stay what they are.</summary>
internal sealed class Soak : IScenario
{
    /// <summary>As many as a reader can tell apart.</summary>
    private const int MostWindows = 10;

    public string Name => "soak";
    public string Description => "a chat and a board at a steady rate for minutes, with clients that come and go: latency, memory, threads and open files over time";
    public IReadOnlyList<Setting> Settings { get; } = [Setting.Minutes, Setting.WarmUp.Of(30), Setting.Seed, Setting.Rate, Setting.Clients.Of(100), Setting.Records.Of(200)];
    public bool InAll => false;

    public async Task Run(LoadRun run, Options options)
    {
        run.Screen.Preparing($"{options.Ours.Name} starts");
        await using var server = await options.Ours.Start(options.Records);
        var address = IAddressed.Of(server);
        using var chat = new Chat(options.Clients / 2 + options.Clients % 2, options.Rate / 2 + options.Rate % 2, options.Random(0));
        using var board = new Board(Math.Max(1, options.Clients / 2), options.Records, Math.Max(1, options.Rate / 2), options.Random(1));
        await chat.Open(address);
        await board.Open(address);
        var comers = Enumerable.Range(0, Math.Max(1, options.Clients / 10)).Select(each => new Comer(address, board.Collection, options.Random(2 + each))).ToArray();
        await Endure(run, server, [chat, board], comers, await ListeningProcess.Find(address), options);
    }

    private async Task Endure(LoadRun run, ILiveServer server, Application[] applications, Comer[] comers, Process? process, Options options)
    {
        var blank = LoadRun.Blank(this, "by the time", options.Ours, options, "writes") with { RateIsResult = false };
        var windows = Windows(options.Seconds).Select(window => new Window(blank, window.From, window.To, applications, LoadRun.Cost(server), run)).ToArray();
        var now = windows[0];
        foreach (var application in applications) application.Follow(bytes => Arrivals.Record(bytes.Span, now.Latency, windows[0].Since));
        using var stop = new CancellationTokenSource();
        var seen = new List<Vitals>();
        var writing = applications.Select(application => application.Run(stop.Token)).ToArray();
        var coming = comers.Select(comer => comer.Run(began => Arrivals.Record(now.Returns, began, Stopwatch.GetTimestamp()), stop.Token)).ToArray();
        var watching = Task.CompletedTask;
        try
        {
            await now.WarmUp(options.WarmUp);
            now.Returns.Reset();
            if (process is not null) watching = Vitals.Watch(process, seen, stop.Token);
            run.Line(Window.Header);
            foreach (var window in windows)
            {
                // A server that has stopped answering is not soaked any longer.
                if (writing.FirstOrDefault(each => each.IsFaulted) is { } failed) await failed;
                now = window;
                run.Add(await window.Measure(seen));
                run.Line(window.Line);
            }
        }
        finally
        {
            await stop.CancelAsync();
            await Task.WhenAll([.. writing, .. coming]);
            await watching;
        }

        Conclude(run, blank with { Case = "the whole run", Seconds = windows.Sum(window => window.Result.Seconds), Operations = windows.Sum(window => window.Result.Operations) }, windows, seen, applications, comers);
    }

    /// <summary>Of a minute each; of more where that would be too many.</summary>
    private static IEnumerable<(int From, int To)> Windows(int seconds)
    {
        var (minutes, each) = (seconds / 60, (seconds / 60 + MostWindows - 1) / MostWindows);
        for (var from = 0; from < minutes; from += each) yield return (from, Math.Min(minutes, from + each));
    }

    private static void Conclude(LoadRun run, Measurement whole, IReadOnlyList<Window> windows, IReadOnlyList<Vitals> seen, IReadOnlyList<Application> applications, IReadOnlyList<Comer> comers)
    {
        var all = Arrivals.Histogram();
        foreach (var window in windows) all.Add(window.Latency);
        var half = seen.Where(each => each.Seconds >= whole.Seconds / 2).Select(each => (each.Seconds, each.Megabytes)).ToArray();
        var trend = Trend.Through(half);
        var (refused, missing, failed) = (applications.Sum(each => each.Refused), applications.Sum(each => each.Missing), comers.Sum(comer => comer.Failed));
        string[] notes =
        [
            trend?.ToString() ?? "memory, threads and open files are not known: the server runs elsewhere",
            $"{comers.Count} clients came and went: {comers.Sum(comer => comer.Came):N0} times up to date, {failed:N0} times refused or cut off",
            $"{refused:N0} writes refused, {missing:N0} deliveries did not come, warm-up included",
        ];
        run.Add(whole with
        {
            Latency = all.TotalCount == 0 ? null : Measures.Latency.From(all, Window.LatencyOf),
            Figures = trend is { } line
                ? [new("memory, rise over the second half", line.Change, "MB", Better.Lower), new("memory, rise an hour", line.PerHour, "MB", Better.Lower)]
                : [],
            Notes = notes,
        });
        foreach (var note in notes) run.Line($"  {note}");
    }
}
