namespace OrleansSync.Gateway.Feeds;

/// <summary>
/// Subscriptions waiting for a view's next page, in the order they came. Linked through the subscriptions themselves, so that waiting
/// costs no allocation and leaving is cheap. Its owner locks.
/// </summary>
internal sealed class WaiterList
{
    private Subscription? _first;
    private Subscription? _last;

    public Subscription? First => _first;

    public void Add(Subscription waiter)
    {
        waiter.Waits = true;
        waiter.WaitsAfter = _last;
        waiter.WaitsBefore = null;
        if (_last is null) _first = waiter;
        else _last.WaitsBefore = waiter;
        _last = waiter;
    }

    public void Remove(Subscription waiter)
    {
        if (!waiter.Waits) return;
        if (waiter.WaitsAfter is { } front) front.WaitsBefore = waiter.WaitsBefore;
        else _first = waiter.WaitsBefore;
        if (waiter.WaitsBefore is { } back) back.WaitsAfter = waiter.WaitsAfter;
        else _last = waiter.WaitsAfter;
        waiter.Waits = false;
        waiter.WaitsAfter = waiter.WaitsBefore = null;
    }
}
