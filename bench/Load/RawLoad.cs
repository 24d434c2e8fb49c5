using System.Diagnostics;
using OrleansSync.Load.Measures;
using OrleansSync.Load.Scenarios;

namespace OrleansSync.Load;

/// <summary>Commits batches from one thread, each when the one before is done.</summary>
internal static class RawLoad
{
    /// <param name="commit">One batch.</param>
    public static Task<(Measurement Found, Meter Meter)> Run(LoadRun run, Measurement what, Func<Task> commit, Options options, params IReadOnlyList<Watched> watched) =>
        Run(run, what, commit, RawRows.BatchSize, null, options, watched);

    /// <param name="rows">In a batch.</param>
    /// <param name="latencyOf">What the time of one batch is called; null = it is not reported.</param>
    public static async Task<(Measurement Found, Meter Meter)> Run(LoadRun run, Measurement what, Func<Task> commit, int rows, string? latencyOf, Options options, IReadOnlyList<Watched> watched)
    {
        long written = 0;
        var meter = new Meter(what, run) { Count = () => Volatile.Read(ref written), Watched = watched, LatencyOf = latencyOf };
        using var stop = new CancellationTokenSource();
        var running = Task.Run(async () =>
        {
            while (!stop.IsCancellationRequested)
            {
                var began = Stopwatch.GetTimestamp();
                await commit();
                Interlocked.Add(ref written, rows);
                if (meter.Open is { } histogram) Arrivals.Record(histogram, began, Stopwatch.GetTimestamp());
            }
        });
        try
        {
            await meter.WarmUp(options.WarmUp);
            await meter.Measure(options.Time);
        }
        finally
        {
            // What it commits to must not be closed under it.
            await stop.CancelAsync();
            await running;
        }

        return (meter.Result(), meter);
    }
}
