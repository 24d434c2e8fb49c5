using HdrHistogram;
using OrleansSync.Load.Measures;

namespace OrleansSync.Load.Techniques;

/// <summary>All clients of one technique, and what came of it for them together.</summary>
internal sealed class Followers(string technique, IReadOnlyList<Follower> clients) : IDisposable
{
    private (long Requests, long Received) _before;
    private (long Requests, long Received) _within;

    public string Technique => technique;

    /// <summary>Updates that were given, ever.</summary>
    public long Given => clients.Sum(client => client.Holdings.Given);

    public Task Join() => Task.WhenAll(clients.Select(client => client.Join()));

    public Task Run(CancellationToken stop) => Task.WhenAll(clients.Select(client => client.Run(stop)));

    public void BeginMeasuring() => _before = Traffic;

    public void EndMeasuring() => _within = (Traffic.Requests - _before.Requests, Traffic.Received - _before.Received);

    /// <summary>Whether all have all of these updates.</summary>
    public bool Has(Range updates) => clients.All(client => Numbers(updates).All(number => client.Holdings.Since(number) != 0));

    /// <param name="updates">Those that were written while it was measured.</param>
    public Measurement Result(Measurement blank, Range updates, Updates all)
    {
        var staleness = Arrivals.Histogram();
        foreach (var client in clients) Record(staleness, client.Holdings, updates, all);
        var expected = (long)clients.Count * Numbers(updates).Count();
        var saw = clients.Sum(client => Numbers(updates).LongCount(client.Holdings.Saw));
        var missing = clients.Sum(client => Numbers(updates).LongCount(number => client.Holdings.Since(number) == 0));
        return blank with
        {
            Operations = saw,
            Latency = staleness.TotalCount == 0 ? null : Latency.From(staleness, "a write being acknowledged to a client having it"),
            Figures =
            [
                new("p95 latency", Arrivals.Milliseconds(staleness, 95), "ms", Better.Lower),
                new("updates seen", saw, $"of {expected:N0}", Better.Higher),
                new("requests", _within.Requests, "", Better.Lower),
                new("received", _within.Received / 1e3, "KB", Better.Lower),
                .. saw == 0 ? Array.Empty<Figure>() : [new("received an update", (double)_within.Received / saw, "bytes", Better.Lower)],
            ],
            Notes = missing == 0 ? [] : [$"{missing} updates did not come"],
        };
    }

    /// <summary>Who has it before the writer is told has it at once.</summary>
    private static void Record(HistogramBase staleness, Holdings holdings, Range updates, Updates all)
    {
        foreach (var number in Numbers(updates))
        {
            if (holdings.Since(number) is not 0 and var since && all.Acknowledged(number) is not 0 and var acknowledged) Arrivals.Record(staleness, acknowledged, since);
        }
    }

    private (long Requests, long Received) Traffic => (clients.Sum(client => client.Requests), clients.Sum(client => client.Received));

    private static IEnumerable<int> Numbers(Range updates) => Enumerable.Range(updates.Start.Value, updates.End.Value - updates.Start.Value);

    public void Dispose()
    {
        foreach (var client in clients) client.Dispose();
    }
}
