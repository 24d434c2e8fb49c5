using System.Diagnostics;

namespace OrleansSync.Load.Endurance;

/// <summary>What a process holds at a moment.</summary>
/// <param name="Seconds">When, since looking began.</param>
/// <param name="Megabytes">Resident (10^6 bytes).</param>
/// <param name="OpenFiles">Handles: files and sockets.</param>
internal readonly record struct Vitals(double Seconds, double Megabytes, int Threads, int OpenFiles)
{
    private static readonly TimeSpan Pace = TimeSpan.FromSeconds(1);

    /// <summary>Looks every second until it is stopped.</summary>
    public static async Task Watch(Process process, List<Vitals> seen, CancellationToken stop)
    {
        using var timer = new PeriodicTimer(Pace);
        for (var clock = Stopwatch.StartNew(); !stop.IsCancellationRequested; await timer.WaitForNextTickAsync(CancellationToken.None))
        {
            process.Refresh();
            lock (seen) seen.Add(new(clock.Elapsed.TotalSeconds, process.WorkingSet64 / 1e6, process.Threads.Count, process.HandleCount));
        }
    }
}
