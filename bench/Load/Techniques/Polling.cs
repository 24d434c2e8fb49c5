namespace OrleansSync.Load.Techniques;

/// <summary>Asks again and again what has changed since its cursor.</summary>
internal sealed class Polling(Address address, string collection, Holdings holdings, Turns turns) : Follower(address, collection, holdings)
{
    private string _cursor = "";

    public override async Task Join() => _cursor = await Now();

    protected override async Task Follow(CancellationToken stop)
    {
        using var http = Client();
        await turns.Each(() => Read(http, stop), stop);
    }

    private async Task Read(HttpClient http, CancellationToken stop)
    {
        var page = await Get(http, $"/v1/collections/{Collection}/changes?since={_cursor}", stop);
        Holdings.Take(page);
        _cursor = Cursor(page);
    }
}
