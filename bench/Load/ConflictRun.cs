namespace OrleansSync.Load;

/// <summary>
/// What a conflict that is as large as one can be costs those who have nothing to do with it: writers and subscribers of the ordinary records
/// of its collection, and of another collection, beside the same on a server without any conflict. The conditions take turns.
/// </summary>
internal static class ConflictRun
{
    private const int Turns = 3;

    public static async Task Run(Options options)
    {
        await using var plain = await Side.Start(options, conflict: false);
        await using var disputed = await Side.Start(options, conflict: true);
        await Task.WhenAll(plain.WarmUp(options), disputed.WarmUp(options));

        var rows = new[] { new Row(DisputedCollection.Articles), new Row(DisputedCollection.Notes) };
        var time = TimeSpan.FromSeconds(options.Seconds) / Turns;
        for (var turn = 0; turn < Turns; turn++)
        {
            foreach (var row in rows)
            {
                await plain.Measure(row.Collection, row.None, time);
                await disputed.Measure(row.Collection, row.Open, time);
                await disputed.WhileClaimed(() => disputed.Measure(row.Collection, row.Claimed, time));
            }
        }

        Print(rows);
        disputed.PrintClaims();
        if (plain.Lost + disputed.Lost is > 0 and var lost) Console.WriteLine($"  {lost} writes were not applied");
    }

    private static void Print(Row[] rows)
    {
        Console.WriteLine($"{"16 in flight, subscriber of",-52}{"writes/s",10}{"",8}{"p50 ms",9}{"",8}{"p99 ms",9}{"",8}{"server CPU",13}");
        foreach (var row in rows)
        {
            var name = row.Collection == DisputedCollection.Articles ? "the ordinary articles" : "notes";
            Print($"{name}, no conflict anywhere", row.None, row.None);
            Print($"{name}, conflict open", row.Open, row.None);
            Print($"{name}, conflict claimed and released", row.Claimed, row.None);
        }
    }

    private static void Print(string name, Figures seen, Figures none) => Console.WriteLine(
        $"{name,-52}{seen.WritesPerSecond,10:N0}{Ratio(seen.WritesPerSecond, none.WritesPerSecond)}"
        + $"{seen.Median,9:0.00}{Ratio(seen.Median, none.Median)}{seen.Percentile99,9:0.00}{Ratio(seen.Percentile99, none.Percentile99)}"
        + $"{seen.Cpu,13:0.00}{Ratio(seen.Cpu, none.Cpu)}");

    private static string Ratio(double seen, double none) => $"{$"x {seen / none:0.00}",8}";

    private sealed record Row(string Collection)
    {
        public Figures None { get; } = new();
        public Figures Open { get; } = new();
        public Figures Claimed { get; } = new();
    }

    /// <summary>A server with its two neighbours, and with one subscriber of all articles, who is there under every condition.</summary>
    private sealed class Side(ServerProcess server, Subscriber everything, Neighbour articles, Neighbour notes, Claimer claimer) : IAsyncDisposable
    {
        public static async Task<Side> Start(Options options, bool conflict)
        {
            var server = await ServerProcess.Gateway();
            await DisputedCollection.Fill(server, options.Records, conflict);
            var everything = await Subscriber.ToFeed(server.Port, DisputedCollection.Articles, null, "\"conflict\":{\"id\"");
            _ = everything.Run();
            return new(
                server,
                everything,
                await Neighbour.Join(server, DisputedCollection.Articles, options.Records),
                await Neighbour.Join(server, DisputedCollection.Notes, options.Records),
                await Claimer.Connect(server.Port, DisputedCollection.Articles, DisputedCollection.Hot));
        }

        /// <summary>Everything that will be measured, at once.</summary>
        public async Task WarmUp(Options options)
        {
            using var stop = new CancellationTokenSource(TimeSpan.FromSeconds(options.WarmUpSeconds));
            await Task.WhenAll(articles.Write(stop.Token), notes.Write(stop.Token), claimer.Run(stop.Token));
        }

        public Task Measure(string collection, Figures figures, TimeSpan time) =>
            (collection == DisputedCollection.Articles ? articles : notes).Measure(figures, time);

        public async Task WhileClaimed(Func<Task> measure)
        {
            using var stop = new CancellationTokenSource();
            var claiming = claimer.Run(stop.Token);
            await measure();
            await stop.CancelAsync();
            await claiming;
        }

        public void PrintClaims() => Console.WriteLine(
            $"{claimer.Versions / claimer.Time.TotalSeconds:0.0} claims and releases/s, warm-up included; of {claimer.Versions:N0} such versions {everything.Deliveries:N0} came to the subscriber of all articles");

        public long Lost => articles.Lost + notes.Lost;

        public async ValueTask DisposeAsync()
        {
            everything.Dispose();
            articles.Dispose();
            notes.Dispose();
            claimer.Dispose();
            await server.DisposeAsync();
        }
    }
}
