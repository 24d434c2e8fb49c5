using Microsoft.Extensions.Time.Testing;

namespace OrleansSync.Gateway.Tests.Feeds;

/// <summary>A clock that the test moves, and that tells when somebody begins to count on it: what passed before that is lost on them.</summary>
internal sealed class ModelClock() : FakeTimeProvider(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero))
{
    private TaskCompletionSource _timer = NewSignal();

    /// <summary>Completes with the next timer that is made from here on.</summary>
    public Task NextTimer => Volatile.Read(ref _timer).Task;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = base.CreateTimer(callback, state, dueTime, period);
        Interlocked.Exchange(ref _timer, NewSignal()).SetResult();
        return timer;
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
