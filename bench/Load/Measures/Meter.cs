using System.Diagnostics;
using HdrHistogram;
using OrleansSync.Load.Scenarios;

namespace OrleansSync.Load.Measures;

/// <summary>
/// Looks at counters twice a second while a load runs, and makes a measurement of it. Who generates the load counts and records latencies; nothing is
/// allocated for that, and whatever happens outside the time that is measured is not in it.
/// </summary>
internal sealed class Meter(Measurement what, LoadRun run)
{
    private static readonly TimeSpan Step = TimeSpan.FromSeconds(0.5);

    private readonly List<double> _throughput = [];
    private readonly List<double> _cores = [];
    private readonly List<double> _megabytes = [];
    private TimeSpan[] _cpu = [];
    private long _operations;
    private TimeSpan _time;
    private volatile HistogramBase? _open;
    private long _since = long.MaxValue;

    /// <summary>How many operations there have been, ever.</summary>
    public required Func<long> Count { get; init; }

    public IReadOnlyList<Watched> Watched { get; init; } = [];

    /// <summary>From what to what a latency counts; null = none is taken.</summary>
    public string? LatencyOf { get; init; }

    /// <summary>All latencies, in whole microseconds.</summary>
    public HistogramBase Latency { get; } = Arrivals.Histogram();

    /// <summary>The same while it is measured, else null: for those who record when something ends.</summary>
    public HistogramBase? Open => _open;

    /// <summary>When measuring began, by <see cref="Stopwatch"/>: for those who record what was due since, even if it ends later.</summary>
    public long Since => Volatile.Read(ref _since);

    public async Task WarmUp(TimeSpan time)
    {
        for (var clock = Stopwatch.StartNew(); clock.Elapsed < time;)
        {
            var (before, cpu, from) = (Count(), Sum(Cpu()), clock.Elapsed);
            await Task.Delay(Shorter(Step, time - from), run.Cancelled);
            var step = clock.Elapsed - from;
            Show("warming up", time - clock.Elapsed, (Count() - before) / step.TotalSeconds, (Sum(Cpu()) - cpu) / step);
        }
    }

    /// <summary>Can be called again: what is seen is added to what was.</summary>
    public async Task Measure(TimeSpan time)
    {
        var clock = Stopwatch.StartNew();
        if (Since == long.MaxValue) Volatile.Write(ref _since, Stopwatch.GetTimestamp());
        _open = Latency;
        var cpu = Cpu();
        var (operations, now) = (Count(), TimeSpan.Zero);
        var (first, busy) = (operations, cpu);
        var earlier = _throughput.Count;
        while (now < time)
        {
            await Task.Delay(Shorter(Step * (_throughput.Count - earlier + 1) - now, time - now), run.Cancelled);
            var (step, counted, used) = (clock.Elapsed - now, Count(), Cpu());
            var busyStep = Sum(used) - Sum(busy);
            // Looked at late, it is the mean of the half seconds in between.
            for (var missing = (int)Math.Round((now + step) / Step) - (_throughput.Count - earlier); missing > 0; missing--) Note(counted - operations, busyStep, step);
            Show("measuring", time - clock.Elapsed, (counted - operations) / step.TotalSeconds, busyStep / step);
            (operations, busy, now) = (counted, used, now + step);
        }

        _open = null;
        Add(operations - first, [.. busy.Zip(cpu, (after, before) => after - before)], now);
    }

    /// <summary>Adds what was done in a time that somebody else took.</summary>
    public void Add(long operations, TimeSpan[] cpu, TimeSpan time)
    {
        _operations += operations;
        _cpu = _cpu.Length == 0 ? cpu : [.. _cpu.Zip(cpu, (sum, more) => sum + more)];
        _time += time;
    }

    public TimeSpan[] Cpu() => [.. Watched.Select(each => each.Cpu())];

    /// <summary>In microseconds an operation, of one of those watched.</summary>
    public double CpuAnOperation(int watched) => _cpu[watched].TotalMicroseconds / _operations;

    public double PerSecond => _operations / _time.TotalSeconds;

    public Measurement Result() => what with
    {
        Operations = _operations,
        Seconds = _time.TotalSeconds,
        Throughput = [.. _throughput],
        Latency = LatencyOf is null || Latency.TotalCount == 0 ? null : Measures.Latency.From(Latency, LatencyOf),
        Server = Watched.Count == 0 ? null : Cost(),
    };

    private ServerCost Cost() => new()
    {
        Cores = [.. _cores],
        Megabytes = [.. _megabytes],
        MicrosecondsAnOperation = _operations == 0 ? null : Sum(_cpu).TotalMicroseconds / _operations,
        CpuSeconds = Watched.Zip(_cpu).ToDictionary(each => each.First.Name, each => each.Second.TotalSeconds),
    };

    private void Note(long operations, TimeSpan cpu, TimeSpan step)
    {
        _throughput.Add(Math.Round(operations / step.TotalSeconds, 1));
        if (Watched.Count == 0) return;
        _cores.Add(Math.Round(cpu / step, 3));
        if (Memory() is { } bytes) _megabytes.Add(Math.Round(bytes / 1e6, 1));
    }

    private long? Memory() => Watched.Any(each => each.Memory is not null) ? Watched.Sum(each => each.Memory?.Invoke() ?? 0) : null;

    private void Show(string phase, TimeSpan left, double perSecond, double? cores) => run.Screen.Show(new()
    {
        Scenario = what.Scenario,
        Case = what.Case,
        Subject = what.Subject.Name,
        Phase = phase,
        Left = left > TimeSpan.Zero ? left : TimeSpan.Zero,
        PerSecond = perSecond,
        Unit = what.Unit,
        Percentiles = Latency.TotalCount == 0 ? null : (Arrivals.Milliseconds(Latency, 50), Arrivals.Milliseconds(Latency, 99)),
        Cores = Watched.Count == 0 ? null : cores,
        Bytes = Memory(),
    });

    private static TimeSpan Sum(TimeSpan[] times) => times.Aggregate(TimeSpan.Zero, (sum, time) => sum + time);

    private static TimeSpan Shorter(TimeSpan one, TimeSpan other) => other > TimeSpan.FromMilliseconds(1) ? (one < other ? one : other) : TimeSpan.FromMilliseconds(1);
}
