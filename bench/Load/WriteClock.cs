using System.Diagnostics;

namespace OrleansSync.Load;

/// <summary>Begins to measure when it is made: how many writes a second, and what each costs by some clocks of CPU time.</summary>
internal sealed class WriteClock(params Func<TimeSpan>[] clocks)
{
    private readonly TimeSpan[] _before = [.. clocks.Select(clock => clock())];
    private readonly Stopwatch _time = Stopwatch.StartNew();

    public TimeSpan Elapsed => _time.Elapsed;

    public WriteFigures Stop(long writes)
    {
        var seconds = _time.Elapsed.TotalSeconds;
        return new(writes / seconds, [.. clocks.Zip(_before, (clock, before) => (clock() - before).TotalMicroseconds / writes)]);
    }
}

/// <param name="Cpu">By each clock, in microseconds a write.</param>
internal sealed record WriteFigures(double PerSecond, IReadOnlyList<double> Cpu);
