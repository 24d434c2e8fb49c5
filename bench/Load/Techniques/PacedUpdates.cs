using OrleansSync.Load.Peers;

namespace OrleansSync.Load.Techniques;

/// <summary>The writer of the updates: so many a second, each due at its moment whether or not those before were answered.</summary>
internal sealed class PacedUpdates(IWriter writer, Updates updates, int rate)
{
    private int _written;

    /// <summary>The number that the next one has.</summary>
    public int Next => Volatile.Read(ref _written) + 1;

    public Task Run(CancellationToken stop) => Task.Factory.StartNew(() => Write(stop), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    private void Write(CancellationToken stop)
    {
        var pace = new Pace(rate);
        while (!stop.IsCancellationRequested && _written < updates.Most)
        {
            pace.Next();
            _ = Put(Interlocked.Increment(ref _written));
        }
    }

    private async Task Put(int number)
    {
        await writer.Write(new(updates.Record(number), Updates.Data(number)));
        updates.Acknowledge(number);
    }
}
