using System.Buffers.Text;
using System.Diagnostics;
using HdrHistogram;

namespace OrleansSync.Load;

/// <summary>How long what arrives was under way: records carry the moment they were sent as their member <c>sent</c>.</summary>
internal static class Arrivals
{
    private static readonly byte[] Mark = "\"sent\":"u8.ToArray();

    /// <summary>In whole microseconds, up to ten minutes.</summary>
    public static LongConcurrentHistogram Histogram() => new(1, TimeSpan.TicksPerMinute, 3);

    /// <summary>Counts each moment in a piece of what arrived. One that was cut in two is left out.</summary>
    /// <param name="since">Those sent, or due to be sent, before this moment are left out.</param>
    public static void Record(ReadOnlySpan<byte> bytes, HistogramBase histogram, long since = long.MinValue)
    {
        var now = Stopwatch.GetTimestamp();
        for (var at = bytes.IndexOf(Mark); at >= 0; at = bytes.IndexOf(Mark))
        {
            bytes = bytes[(at + Mark.Length)..];
            if (Utf8Parser.TryParse(bytes, out long sent, out var digits) && digits < bytes.Length && sent >= since)
                Record(histogram, sent, now);
        }
    }

    /// <summary>Counts one, from a moment to another.</summary>
    public static void Record(HistogramBase histogram, long from, long to) =>
        histogram.RecordValue(Math.Clamp((long)Stopwatch.GetElapsedTime(from, to).TotalMicroseconds, 1, TimeSpan.TicksPerMinute));

    /// <summary>0 where nothing was recorded.</summary>
    public static double Milliseconds(HistogramBase histogram, double percentile) =>
        histogram.TotalCount == 0 ? 0 : histogram.GetValueAtPercentile(percentile) / 1000.0;
}
