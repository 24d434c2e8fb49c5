namespace OrleansSync.Grains.Records;

/// <summary>
/// Lets writers that were overtaken hear of it one after the other. If all heard at once, all would write upon the same version at once, and all but one in vain;
/// so whoever is told the newest version has a moment to write upon it, and the next is told when it has moved. Runs on the record's turns.
/// </summary>
internal sealed class RetryTurns(TimeProvider clock)
{
    /// <summary>Longest wait for a turn: who is first may not want to try again, and nobody is to notice.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(50);

    private const int MostWaiting = 256;

    private readonly Queue<TaskCompletionSource> _waiting = new();
    private long? _given;

    /// <summary>Done when the caller is to be told: at once where nobody has a turn.</summary>
    public ValueTask Take()
    {
        while (_waiting.TryPeek(out var gone) && gone.Task.IsCompleted) _waiting.Dequeue();
        var taken = _given is { } since && clock.GetElapsedTime(since) < Patience;
        if (taken && _waiting.Count < MostWaiting) return new(Wait());
        Give();
        return default;
    }

    /// <summary>The record has a new version: the next may know it.</summary>
    public void Moved()
    {
        _given = null;
        while (_waiting.TryDequeue(out var next))
        {
            if (!next.TrySetResult()) continue;
            Give();
            return;
        }
    }

    private void Give() => _given = clock.GetTimestamp();

    private async Task Wait()
    {
        var turn = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _waiting.Enqueue(turn);
        await turn.Task.WaitAsync(Patience, clock).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
        turn.TrySetCanceled();
    }
}
