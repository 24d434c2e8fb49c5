using HdrHistogram;

namespace OrleansSync.Load.Measures;

/// <summary>How long things took, in milliseconds: the percentiles that are quoted, the curve that is drawn, and all of it as an HDR histogram.</summary>
internal sealed record Latency
{
    private const int PointsEachHalving = 4;

    /// <summary>From what to what.</summary>
    public required string Of { get; init; }

    public required long Count { get; init; }
    public required double Mean { get; init; }
    public required double P50 { get; init; }
    public required double P90 { get; init; }
    public required double P99 { get; init; }
    public required double P999 { get; init; }
    public required double P9999 { get; init; }
    public required double Max { get; init; }

    /// <summary>Towards the slowest: at least this share of all (0 to 1) took at most so long.</summary>
    public required IReadOnlyList<CurvePoint> Curve { get; init; }

    /// <summary>In microseconds, HdrHistogram's compressed V2 encoding in base64: histograms of several runs can be added up.</summary>
    public required string Histogram { get; init; }

    public static Latency From(HistogramBase histogram, string of)
    {
        // Recorded into by several threads, it cannot be walked itself.
        var still = new LongHistogram(1, TimeSpan.TicksPerMinute, 3);
        still.Add(histogram);
        return new()
        {
            Of = of,
            Count = still.TotalCount,
            Mean = still.TotalCount == 0 ? 0 : still.GetMean() / 1000,
            P50 = Arrivals.Milliseconds(still, 50),
            P90 = Arrivals.Milliseconds(still, 90),
            P99 = Arrivals.Milliseconds(still, 99),
            P999 = Arrivals.Milliseconds(still, 99.9),
            P9999 = Arrivals.Milliseconds(still, 99.99),
            Max = still.TotalCount == 0 ? 0 : still.GetMaxValue() / 1000.0,
            Curve = [.. still.Percentiles(PointsEachHalving).Select(at => new CurvePoint(at.PercentileLevelIteratedTo / 100, at.ValueIteratedTo / 1000.0))],
            Histogram = HistogramText.Write(still),
        };
    }
}

/// <param name="Share">Of all, 0 to 1.</param>
internal readonly record struct CurvePoint(double Share, double Milliseconds);
