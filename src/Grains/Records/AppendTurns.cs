namespace OrleansSync.Grains.Records;

/// <summary>
/// Keeps a record's appends in the order in which they were decided where they cannot be placed at once. Calls to another process may overtake each other on
/// the way; the feed would refuse the later version that comes first, and all that waits with it. So whoever calls holds its turn until it is
/// answered, and whoever comes meanwhile goes behind. Runs on the record's turns.
/// </summary>
internal sealed class AppendTurns
{
    private Task _last = Task.CompletedTask;

    /// <summary>True when nobody is before who comes now.</summary>
    public bool IsFree => _last.IsCompleted;

    public Turn Take()
    {
        var turn = new Turn(_last);
        _last = turn.Gone;
        return turn;
    }

    /// <summary>A turn; disposed of, the next one comes.</summary>
    internal sealed class Turn(Task came) : IDisposable
    {
        private readonly TaskCompletionSource _gone = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task Came => came;

        public Task Gone => _gone.Task;

        public void Dispose() => _gone.TrySetResult();
    }
}
