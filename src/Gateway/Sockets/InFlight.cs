namespace OrleansSync.Gateway.Sockets;

/// <summary>
/// How much of what a socket asked is unanswered. At the limit nothing more is read from it until half is answered: the peer's own
/// connection then fills up, which is all the back-pressure there is.
/// </summary>
internal sealed class InFlight(int limit)
{
    private readonly Lock _lock = new();
    private TaskCompletionSource? _room;
    private TaskCompletionSource? _none;
    private int _count;

    public void Enter(int count)
    {
        lock (_lock) _count += count;
    }

    public void Leave(int count)
    {
        TaskCompletionSource? room = null, none = null;
        lock (_lock)
        {
            _count -= count;
            if (_count <= limit / 2) (room, _room) = (_room, null);
            if (_count == 0) (none, _none) = (_none, null);
        }
        room?.SetResult();
        none?.SetResult();
    }

    /// <summary>Waits while the limit is reached.</summary>
    public ValueTask Room()
    {
        if (Volatile.Read(ref _count) < limit) return ValueTask.CompletedTask;
        lock (_lock)
        {
            if (_count < limit) return ValueTask.CompletedTask;
            return new((_room ??= new(TaskCreationOptions.RunContinuationsAsynchronously)).Task);
        }
    }

    /// <summary>Waits until everything is answered.</summary>
    public Task None()
    {
        lock (_lock)
        {
            if (_count == 0) return Task.CompletedTask;
            return (_none ??= new(TaskCreationOptions.RunContinuationsAsynchronously)).Task;
        }
    }
}
