using System.Threading.Tasks.Sources;

namespace OrleansSync.Gateway.Feeds;

/// <summary>How a subscription waits: one reusable signal, so that ten thousand of them are woken by a loop that allocates nothing.</summary>
internal sealed partial class Subscription : IValueTaskSource<bool>, IThreadPoolWorkItem
{
    /// <summary>Timers take no longer spans; a token that lives longer has its timer armed again.</summary>
    private static readonly TimeSpan LongestTimer = TimeSpan.FromDays(40);

    private ManualResetValueTaskSourceCore<bool> _core;
    private CancellationToken _token;
    private CancellationTokenRegistration _registration;
    private int _waiting;
    private int _nudged;

    /// <summary>The links of <see cref="WaiterList"/>, which is the only one to touch them. In the list = the reader is suspended.</summary>
    internal bool Waits { get; set; }
    internal Subscription? WaitsAfter { get; set; }
    internal Subscription? WaitsBefore { get; set; }

    /// <summary>Ends the current or the next wait, with true and perhaps no page: for readers with something else to do from time to time.</summary>
    public void Nudge()
    {
        Volatile.Write(ref _nudged, 1);
        Signal();
    }

    private bool TakeNudge() => Volatile.Read(ref _nudged) == 1 && Interlocked.Exchange(ref _nudged, 0) == 1;

    private ValueTask<bool> Wait(CancellationToken cancel)
    {
        ListenTo(cancel);
        _core.Reset();
        Interlocked.Exchange(ref _waiting, 1);
        if (!_open.View.TryWait(this))
        {
            // Whoever takes the flag completes the wait: here at once, or the signal that came between.
            if (Interlocked.Exchange(ref _waiting, 0) == 1) return new(true);
        }
        else if (!IsGood || cancel.IsCancellationRequested || Volatile.Read(ref _nudged) == 1)
        {
            Signal();
        }
        if (Volatile.Read(ref _waiting) == 0) _open.View.Forget(this);
        return new(this, _core.Version);
    }

    /// <summary>Readers pass the same token each time: it is registered once.</summary>
    private void ListenTo(CancellationToken cancel)
    {
        if (cancel == _token) return;
        _registration.Unregister();
        _token = cancel;
        _registration = cancel.UnsafeRegister(static self => ((Subscription)self!).Signal(), this);
    }

    /// <summary>Something happened for which the reader, if it waits, must look up.</summary>
    private void Signal()
    {
        if (Interlocked.Exchange(ref _waiting, 0) == 0) return;
        _open.View.Forget(this);
        ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
    }

    /// <summary>There is a page. The view has already taken it off its list.</summary>
    internal void Wake()
    {
        if (Interlocked.Exchange(ref _waiting, 0) == 1) ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
    }

    void IThreadPoolWorkItem.Execute()
    {
        if (_token.IsCancellationRequested) _core.SetException(new OperationCanceledException(_token));
        else
        {
            Interlocked.Exchange(ref _nudged, 0);
            _core.SetResult(!IsOver);
        }
    }

    bool IValueTaskSource<bool>.GetResult(short token) => _core.GetResult(token);

    ValueTaskSourceStatus IValueTaskSource<bool>.GetStatus(short token) => _core.GetStatus(token);

    void IValueTaskSource<bool>.OnCompleted(
        Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _core.OnCompleted(continuation, state, token, flags);

    /// <summary>When the token ends, so does the stream that it opened.</summary>
    private void ArmExpiry()
    {
        if (_request.Caller.Expires is not { } expires)
        {
            _expiry?.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
            return;
        }
        _expiry ??= _registry.Clock.CreateTimer(static self => ((Subscription)self!).Expire(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        var left = expires - _registry.Clock.GetUtcNow();
        _expiry.Change(TimeSpan.FromTicks(Math.Clamp(left.Ticks, TimeSpan.TicksPerMillisecond, LongestTimer.Ticks)), Timeout.InfiniteTimeSpan);
    }

    private void Expire()
    {
        if (Volatile.Read(ref _renewed) is null && _request.Caller.Expires is { } expires)
        {
            if (expires > _registry.Clock.GetUtcNow())
            {
                ArmExpiry();
                return;
            }
            Interlocked.CompareExchange(ref _end, Expired, null);
        }
        Signal();
    }
}
