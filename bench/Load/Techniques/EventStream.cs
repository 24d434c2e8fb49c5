using System.Net.ServerSentEvents;

namespace OrleansSync.Load.Techniques;

/// <summary>Server-sent events: one request, whose answer does not end.</summary>
internal sealed class EventStream(Address address, string collection, Holdings holdings) : Follower(address, collection, holdings)
{
    private string _cursor = "";

    public override async Task Join() => _cursor = await Now();

    protected override async Task Follow(CancellationToken stop)
    {
        using var http = Client();
        using var ask = new HttpRequestMessage(HttpMethod.Get, $"/v1/collections/{Collection}/changes?since={_cursor}") { Headers = { Accept = { new("text/event-stream") } } };
        Asked();
        using var answer = await http.SendAsync(ask, HttpCompletionOption.ResponseHeadersRead, stop);
        answer.EnsureSuccessStatusCode();
        var events = SseParser.Create(await answer.Content.ReadAsStreamAsync(stop), (_, data) =>
        {
            Holdings.Take(data);
            return data.Length;
        });
        await foreach (var _ in events.EnumerateAsync(stop))
        {
        }

        throw new IOException("The server ended the stream of events.");
    }
}
