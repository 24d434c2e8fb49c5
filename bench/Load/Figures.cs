using HdrHistogram;

namespace OrleansSync.Load;

/// <summary>What was seen under one condition, over all the times it was looked at.</summary>
internal sealed class Figures
{
    private long _writes;
    private TimeSpan _cpu;
    private TimeSpan _time;

    /// <summary>From sending a write to its subscriber having it.</summary>
    public HistogramBase Latency { get; } = Arrivals.Histogram();

    public double WritesPerSecond => _writes / _time.TotalSeconds;
    public double Median => Arrivals.Milliseconds(Latency, 50);
    public double Percentile99 => Arrivals.Milliseconds(Latency, 99);

    /// <summary>Of one core.</summary>
    public double Cpu => _cpu / _time;

    public void Add(long writes, TimeSpan cpu, TimeSpan time)
    {
        _writes += writes;
        _cpu += cpu;
        _time += time;
    }
}
