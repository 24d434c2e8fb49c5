using HdrHistogram;
using OrleansSync.Load.Applications;
using OrleansSync.Load.Measures;
using OrleansSync.Load.Scenarios;

namespace OrleansSync.Load.Endurance;

/// <summary>Some minutes of a long run, measured by themselves; what arrives in them is counted here, whenever it was due.</summary>
internal sealed class Window
{
    public const string LatencyOf = "a write being due to another member having it";

    private readonly IReadOnlyList<Application> _applications;
    private readonly Meter _meter;
    private readonly string _name;
    private readonly TimeSpan _time;

    /// <param name="from">Minutes.</param>
    /// <param name="to">Minutes, not included.</param>
    public Window(Measurement blank, int from, int to, IReadOnlyList<Application> applications, IReadOnlyList<Watched> watched, LoadRun run)
    {
        _applications = applications;
        _name = to - from == 1 ? $"minute {to}" : $"minutes {from + 1}–{to}";
        _time = TimeSpan.FromMinutes(to - from);
        _meter = new(blank with { Subject = new(_name, "", Role.Ours), Notes = [] }, run)
        {
            Count = () => applications.Sum(application => application.Answered),
            Watched = watched,
            LatencyOf = LatencyOf,
        };
    }

    public HistogramBase Latency => _meter.Latency;
    public long Since => _meter.Since;

    /// <summary>From coming back to being up to date, of those who come and go.</summary>
    public HistogramBase Returns { get; } = Arrivals.Histogram();

    public Measurement Result { get; private set; } = null!;

    public Task WarmUp(TimeSpan time) => _meter.WarmUp(time);

    /// <param name="seen">Grows meanwhile.</param>
    public async Task<Measurement> Measure(List<Vitals> seen)
    {
        var (delivered, looked) = (Delivered, seen.Count);
        await _meter.Measure(_time);
        var found = _meter.Result();
        Vitals[] vitals;
        lock (seen) vitals = [.. seen.Skip(looked)];
        return Result = found with
        {
            Figures =
            [
                new("deliveries a second", (Delivered - delivered) / found.Seconds, "", Better.Higher),
                .. vitals.Length == 0 ? Array.Empty<Figure>() :
                [
                    new("memory, mean", vitals.Average(each => each.Megabytes), "MB", Better.Lower),
                    new("threads, most", vitals.Max(each => each.Threads), "", Better.Lower),
                    new("open files, most", vitals.Max(each => each.OpenFiles), "", Better.Lower),
                ],
                .. Returns.TotalCount == 0 ? Array.Empty<Figure>() :
                [
                    new("came back", Returns.TotalCount, "times", Better.Higher),
                    new("up to date again, p99", Arrivals.Milliseconds(Returns, 99), "ms", Better.Lower),
                ],
            ],
        };
    }

    public static string Header => $"  {"",-16}{"writes/s",10}{"deliveries/s",14}{"p50 ms",9}{"p99 ms",9}{"memory MB",11}{"threads",9}{"open files",12}{"came back",11}{"p99 ms",9}";

    public string Line =>
        $"  {_name,-16}{Result.PerSecond,10:N1}{Of("deliveries a second"),14:N0}{Result.Latency?.P50,9:N2}{Result.Latency?.P99,9:N2}{Of("memory, mean"),11:N0}{Of("threads, most"),9:N0}{Of("open files, most"),12:N0}"
        + $"{Of("came back"),11:N0}{Of("up to date again, p99"),9:N1}";

    private double? Of(string figure) => Result.Figures.FirstOrDefault(each => each.Name == figure)?.Value;

    private long Delivered => _applications.Sum(application => application.Delivered);
}
