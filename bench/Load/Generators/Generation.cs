using OrleansSync.Load.Measures;
using OrleansSync.Load.Peers;

namespace OrleansSync.Load.Generators;

/// <summary>A load, made by one generator or by several that share its connections.</summary>
internal sealed class Generation : IAsyncDisposable
{
    private readonly List<IGenerator> _generators = [];

    public long Answered => _generators.Sum(generator => generator.Answered);
    public long Refused => _generators.Sum(generator => generator.Refused);
    public long Deliveries => _generators.Sum(generator => generator.Deliveries);

    /// <summary>Connects everybody. A single connection is not shared: it is this process's.</summary>
    public static async Task<Generation> Of(Share share, ILiveServer server, int generators, CancellationToken cancelled)
    {
        var generation = new Generation();
        try
        {
            if (Math.Min(generators, Math.Max(share.Writers, share.Subscribers)) == 1) generation._generators.Add(await LocalGenerator.Connect(share, server, cancelled));
            else generation._generators.AddRange(await Several(share, server, generators));
            return generation;
        }
        catch
        {
            await generation.DisposeAsync();
            throw;
        }
    }

    /// <summary>Connects writers alone, all in this process.</summary>
    /// <param name="connect">A writer, by its index.</param>
    public static async Task<Generation> Of(Share share, Func<int, Task<IWriter>> connect)
    {
        var generation = new Generation();
        generation._generators.Add(await LocalGenerator.Connect(share, connect));
        return generation;
    }

    /// <summary>Warms up, measures what the meter counts, and stops.</summary>
    /// <param name="wait">Until everything is answered.</param>
    /// <returns>Writes that were answered while it was measured.</returns>
    public async Task<long> Run(Meter meter, Options options, bool wait)
    {
        await All(generator => generator.Begin());
        await meter.WarmUp(options.WarmUp);
        if (meter.LatencyOf is not null) await All(generator => generator.Note(meter.Latency));
        var before = Answered;
        await meter.Measure(options.Time);
        var written = Answered - before;
        if (meter.LatencyOf is not null) await All(generator => generator.Still());
        await All(generator => generator.Stop(wait));
        return written;
    }

    private static async Task<IReadOnlyList<IGenerator>> Several(Share share, ILiveServer server, int generators)
    {
        var connect = new Order { Do = Do.Connect, Run = Deployment.NewRun() };
        connect = server switch
        {
            IAddressed { Address: var ours } => connect with { Url = ours.Http.ToString(), Token = ours.Token },
            LivePeer { BareTransport: { } port } => connect with { BareTransport = port },
            _ => throw new ContenderMissing("it is driven by one generator, not by several"),
        };
        return await Task.WhenAll(share.Split(generators).Select(part => RemoteGenerator.Connect(connect with { Share = part })));
    }

    private Task All(Func<IGenerator, Task> what) => Task.WhenAll(_generators.Select(what));

    public async ValueTask DisposeAsync() => await Task.WhenAll(_generators.Select(generator => generator.DisposeAsync().AsTask()));
}
