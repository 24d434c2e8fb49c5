using System.Net;
using System.Net.Http.Headers;

namespace OrleansSync.Load.Techniques;

/// <summary>Reads the whole list again and again; an answer without content if it is still the same.</summary>
internal sealed class PeriodicRefresh(Address address, string collection, Holdings holdings, Turns turns) : Follower(address, collection, holdings)
{
    /// <summary>As much as one page holds.</summary>
    public const int MostRecords = 1000;

    public override Task Join() => Task.CompletedTask;

    protected override async Task Follow(CancellationToken stop)
    {
        using var http = Client();
        EntityTagHeaderValue? seen = null;
        await turns.Each(async () => seen = await Read(http, seen, stop), stop);
    }

    private async Task<EntityTagHeaderValue?> Read(HttpClient http, EntityTagHeaderValue? seen, CancellationToken stop)
    {
        using var ask = new HttpRequestMessage(HttpMethod.Get, $"/v1/collections/{Collection}/records?limit={MostRecords}");
        if (seen is not null) ask.Headers.IfNoneMatch.Add(seen);
        Asked();
        using var answer = await http.SendAsync(ask, stop);
        if (answer.StatusCode == HttpStatusCode.NotModified) return seen;
        answer.EnsureSuccessStatusCode();
        Holdings.Take(await answer.Content.ReadAsByteArrayAsync(stop));
        return answer.Headers.ETag;
    }
}
