using OrleansSync.Load.Measures;

namespace OrleansSync.Load;

/// <summary>A server with two neighbours of a conflict, and with one subscriber of all articles, who is there under every condition.</summary>
internal sealed class DisputedServer(ServerProcess server, Subscriber everything, Neighbour articles, Neighbour notes, Claimer claimer) : IAsyncDisposable
{
    public ServerProcess Process => server;

    public static async Task<DisputedServer> Start(Options options, bool conflict)
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
        using var stop = new CancellationTokenSource(options.WarmUp);
        await Task.WhenAll(articles.Write(stop.Token), notes.Write(stop.Token), claimer.Run(stop.Token));
    }

    public Task Measure(string collection, Meter meter, TimeSpan time) => Of(collection).Measure(meter, time);

    public long Answered(string collection) => Of(collection).Answered;

    public async Task WhileClaimed(Func<Task> measure)
    {
        using var stop = new CancellationTokenSource();
        var claiming = claimer.Run(stop.Token);
        await measure();
        await stop.CancelAsync();
        await claiming;
    }

    public string Claims =>
        $"{claimer.Versions / claimer.Time.TotalSeconds:0.0} claims and releases/s, warm-up included; of {claimer.Versions:N0} such versions {everything.Deliveries:N0} came to the subscriber of all articles";

    public long Lost => articles.Lost + notes.Lost;

    private Neighbour Of(string collection) => collection == DisputedCollection.Articles ? articles : notes;

    public async ValueTask DisposeAsync()
    {
        everything.Dispose();
        articles.Dispose();
        notes.Dispose();
        claimer.Dispose();
        await server.DisposeAsync();
    }
}
