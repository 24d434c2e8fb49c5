using OrleansSync.Load.Measures;
using OrleansSync.Load.Peers;

namespace OrleansSync.Load.Scenarios;

/// <summary>
/// What a client with one write under way waits for at the least, measured beside ours: one commit of one row, fsynced, by the same store and settings; and
/// one round trip over a WebSocket with nothing behind it.
/// </summary>
internal sealed record OneWriter(Measurement Commit, Measurement? RoundTrip)
{
    /// <summary>In milliseconds, the sum of the two medians; null where one could not be measured.</summary>
    private double? Median => RoundTrip?.Latency is { } bare && Commit.Latency is { } commit ? commit.P50 + bare.P50 : null;

    /// <param name="roundTrip">Measures a server with one write under way.</param>
    public static async Task<OneWriter> Measure(LoadRun run, Measurement blank, Options options, Func<IContender, ILiveServer, Task<Measurement>> roundTrip)
    {
        var commit = await RawStore.SqliteOneByOne(run, blank with { Subject = new("raw SQLite, one row a commit", "", Role.Limit) }, options);
        run.Add(commit);
        var limit = new OneWriter(commit, await run.With(Contenders.Transport, options.Records, server => roundTrip(Contenders.Transport, server)));
        run.Line($"{"one row committed, fsynced",-36}  p50 {commit.Latency?.P50 ?? 0:0.000} ms;  a bare WebSocket round trip  p50 {limit.RoundTrip?.Latency?.P50 ?? 0:0.000} ms");
        return limit;
    }

    /// <summary>Ours with how many times the least its median is.</summary>
    public Measurement Beside(Measurement ours) => Median is { } least && ours.Latency is { } latency
        ? ours with { Figures = [.. ours.Figures, new("median ÷ (one commit + one bare round trip)", latency.P50 / least, "×", Better.Lower)] }
        : ours;
}
