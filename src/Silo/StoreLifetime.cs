using OrleansSync.Storage;

namespace OrleansSync.Silo;

/// <summary>Opens the store before any grain can ask for it.</summary>
internal sealed class StoreLifetime(ISyncStore store) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken) => store.Open(cancellationToken);

    // The container disposes pump and store last, when no grain is left that could use them.
    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
