namespace OrleansSync.Storage.Postgres;

/// <summary>A share of the connections: who comes when all of it is lent waits, for a while, and not too many do.</summary>
internal sealed class Lane(int connections, int waiting, TimeSpan patience)
{
    private readonly SemaphoreSlim _free = new(connections);
    private int _asking;

    /// <summary>Lends a place until it is disposed.</summary>
    public async ValueTask<Place> Enter(CancellationToken cancel)
    {
        try
        {
            if (Interlocked.Increment(ref _asking) <= connections + waiting && await _free.WaitAsync(patience, cancel))
                return new(this);
        }
        catch
        {
            Interlocked.Decrement(ref _asking);
            throw;
        }
        Interlocked.Decrement(ref _asking);
        throw new StoreUnavailableException("Too much is waiting for the database, or waits too long.");
    }

    private void Leave()
    {
        _free.Release();
        Interlocked.Decrement(ref _asking);
    }

    public readonly struct Place(Lane lane) : IDisposable
    {
        public void Dispose() => lane.Leave();
    }
}
