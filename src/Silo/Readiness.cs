using OrleansSync.Grains.Collections;

namespace OrleansSync.Silo;

/// <summary>Whether writes would succeed through this process: what orchestrators ask.</summary>
public sealed class Readiness(IGrainFactory grains, TimeProvider clock, IHostApplicationLifetime lifetime)
{
    // Any name does: it is only looked up.
    private const string Probed = "ready";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    /// <summary>Asks a grain that has to ask the store: what a write needs, without writing. Null = ready, else a sentence.</summary>
    public async ValueTask<string?> WhyNot(CancellationToken gone)
    {
        if (lifetime.ApplicationStopping.IsCancellationRequested) return "The server is stopping.";
        try
        {
            await grains.GetGrain<ICollectionGrain>(Probed).Read().WaitAsync(Patience, clock, gone);
            return null;
        }
        catch (Exception) when (!gone.IsCancellationRequested)
        {
            return "The store cannot be reached yet.";
        }
    }
}
