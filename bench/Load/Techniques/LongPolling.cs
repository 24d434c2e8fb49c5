namespace OrleansSync.Load.Techniques;

/// <summary>Asks what has changed since its cursor; the answer is held until something has, and then it asks again at once.</summary>
internal sealed class LongPolling(Address address, string collection, Holdings holdings) : Follower(address, collection, holdings)
{
    private const int WaitSeconds = 25;

    private string _cursor = "";

    public override async Task Join() => _cursor = await Now();

    protected override async Task Follow(CancellationToken stop)
    {
        using var http = Client();
        while (!stop.IsCancellationRequested)
        {
            var page = await Get(http, $"/v1/collections/{Collection}/changes?since={_cursor}&wait={WaitSeconds}", stop);
            Holdings.Take(page);
            _cursor = Cursor(page);
        }
    }
}
