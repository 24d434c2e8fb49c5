using OrleansSync.Grains.Feeds;

namespace OrleansSync.Grains.Records;

/// <summary>
/// Keeps a record's appends in the order in which they were decided. Calls to another process may overtake each other on the way; the feed would refuse
/// the later version that comes first, and all that waits with it. So there the next one waits for the answer to the one before, and whoever
/// comes while some wait goes behind them. Runs on the record's turns.
/// </summary>
internal sealed class AppendOrder
{
    private Task _last = Task.CompletedTask;

    /// <param name="isLocal">Whether the feed is in this process: there calls arrive in the order in which they are sent.</param>
    /// <param name="append">The call; it may find that its turn has come too late.</param>
    public async Task<AppendAnswer> Append(Func<bool> isLocal, Func<Task<AppendAnswer>> append)
    {
        if (_last.IsCompleted && isLocal()) return await append();

        var (before, turn) = (_last, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        _last = turn.Task;
        try
        {
            await before;
            var appending = append();
            if (isLocal()) turn.TrySetResult();
            return await appending;
        }
        finally
        {
            turn.TrySetResult();
        }
    }
}
