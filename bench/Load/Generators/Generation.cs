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

    /// <summary>Connects everybody.</summary>
    public static async Task<Generation> Of(Share share, ILiveServer server, int generators)
    {
        var generation = new Generation();
        try
        {
            if (generators == 1) generation._generators.Add(await LocalGenerator.Connect(server, share));
            else generation._generators.AddRange(await Several(share, server, generators));
            return generation;
        }
        catch
        {
            await generation.DisposeAsync();
            throw;
        }
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
        if (server is not IAddressed { Address: var address }) throw new ContenderMissing("it is driven by one generator, not by several");
        var run = Deployment.NewRun();
        return await Task.WhenAll(share.Split(generators).Select(part => RemoteGenerator.Connect(address, run, part)));
    }

    private Task All(Func<IGenerator, Task> what) => Task.WhenAll(_generators.Select(what));

    public async ValueTask DisposeAsync() => await Task.WhenAll(_generators.Select(generator => generator.DisposeAsync().AsTask()));
}
