using System.Diagnostics;

namespace OrleansSync.Load;

/// <summary>
/// Moments at which something is due, so many a second, whatever became of those before. Whoever is late catches up at once, and counts from the
/// moment that it was due: a server that stands still for a second is seen by all who would have come in that second.
/// </summary>
internal sealed class Pace(int perSecond)
{
    // Sleeping is exact to about a millisecond. The rest is waited for without sleeping, or every latency would have it in it.
    private static readonly TimeSpan Fine = TimeSpan.FromMilliseconds(1.5);

    private readonly long _start = Stopwatch.GetTimestamp();
    private long _number;

    /// <summary>Blocks until the next one is due.</summary>
    /// <returns>When it was due, by <see cref="Stopwatch"/>.</returns>
    public long Next()
    {
        var due = _start + _number++ * Stopwatch.Frequency / perSecond;
        if (Stopwatch.GetElapsedTime(Stopwatch.GetTimestamp(), due) is var left && left > Fine) Thread.Sleep(left - Fine);
        while (Stopwatch.GetTimestamp() < due) Thread.Yield();
        return due;
    }
}
