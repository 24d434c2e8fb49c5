using OrleansSync.Storage;

namespace OrleansSync.Silo;

/// <summary>Opens the store before any grain can ask for it.</summary>
internal sealed class StoreLifetime(ISyncStore store) : ILifecycleParticipant<ISiloLifecycle>
{
    // The container closes pump and store, in this order, when no grain is left that could use them.
    public void Participate(ISiloLifecycle lifecycle) =>
        lifecycle.Subscribe(nameof(StoreLifetime), ServiceLifecycleStage.RuntimeStorageServices, store.Open);
}
