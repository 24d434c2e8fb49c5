using System.Diagnostics;
using OrleansSync.Load.Measures;
using OrleansSync.Load.Peers;

namespace OrleansSync.Load.Scenarios;

/// <summary>Many clients on one record: each adds one, by the server's own operation and by reading and writing; and whether every addition counted.</summary>
internal sealed class HotRecord : IScenario
{
    public string Name => "hot-record";
    public string Description => "many writers add to one record: by increments, and by read-modify-write; and what is lost";
    public IReadOnlyList<Setting> Settings { get; } = [.. Setting.Usual, Setting.Clients];

    public async Task Run(LoadRun run, Options options)
    {
        foreach (var (what, edit) in new (string, Func<IEditor, Task<int>>)[] { ("increments", editor => editor.Increment()), ("read-modify-writes", editor => editor.ReadModifyWrite()) })
        {
            foreach (var contender in new[] { options.Ours }.Concat(options.Beside()))
            {
                if (await run.With(contender, options.Records, server => Measure(run, contender, server, what, edit, options)) is not { } found) continue;
                run.Line(
                    $"one record, {options.Clients} writers, {what,-18} {found.PerSecond,10:N0}/s   p50 {found.Latency?.P50 ?? 0:0.00} ms, p99 {found.Latency?.P99 ?? 0:0.00} ms   "
                    + $"{found.Figures[0].Value:0.#} % lost, {found.Figures[1].Value:0.00} sends each{(LoadRun.IsOurs(contender) ? "" : $"   {contender.Name}")}");
            }
        }
    }

    private async Task<Measurement> Measure(LoadRun run, IContender contender, ILiveServer server, string what, Func<IEditor, Task<int>> edit, Options options)
    {
        var editors = new List<IEditor>();
        for (var i = 0; i < options.Clients; i++) editors.Add(await server.ConnectEditor(i));
        var before = await editors[0].Read();
        long done = 0, sent = 0;
        var meter = new Meter(LoadRun.Blank(this, what, contender, options, what), run)
        {
            Count = () => Volatile.Read(ref done),
            Watched = LoadRun.Cost(server),
            LatencyOf = "beginning an edit to its success, refusals included",
        };
        using var stop = new CancellationTokenSource();
        var editing = Task.WhenAll(editors.Select(Edit));
        await meter.WarmUp(options.WarmUp);
        await meter.Measure(options.Time);
        await stop.CancelAsync();
        await editing;
        var lost = done - (await editors[0].Read() - before);
        editors.ForEach(editor => editor.Dispose());
        return meter.Result() with
        {
            Figures = [new("lost of all", 100.0 * lost / done, "%", Better.Lower), new("sends an edit", (double)sent / done, "", Better.Lower)],
        };

        async Task Edit(IEditor editor)
        {
            while (!stop.IsCancellationRequested)
            {
                var began = Stopwatch.GetTimestamp();
                Interlocked.Add(ref sent, await edit(editor));
                Interlocked.Increment(ref done);
                if (meter.Open is { } histogram) Arrivals.Record(histogram, began, Stopwatch.GetTimestamp());
            }
        }
    }
}
