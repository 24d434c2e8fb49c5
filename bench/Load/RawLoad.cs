using OrleansSync.Load.Measures;
using OrleansSync.Load.Scenarios;

namespace OrleansSync.Load;

/// <summary>Commits batches from one thread as fast as they are taken.</summary>
internal static class RawLoad
{
    /// <param name="commit">One batch.</param>
    public static async Task<(Measurement Found, Meter Meter)> Run(LoadRun run, Measurement what, Func<Task> commit, Options options, params IReadOnlyList<Watched> watched)
    {
        long written = 0;
        var meter = new Meter(what, run) { Count = () => Volatile.Read(ref written), Watched = watched };
        using var stop = new CancellationTokenSource();
        var running = Task.Run(async () =>
        {
            while (!stop.IsCancellationRequested)
            {
                await commit();
                Interlocked.Add(ref written, RawRows.BatchSize);
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
