using System.Text.Json.Nodes;

namespace OrleansSync.Gateway.Tests.Feeds;

/// <summary>Asks again and again; with a wait each answer is held until there is something.</summary>
public sealed class PollTransport(int? wait) : ITransport
{
    public Task<IPageReader> Open(
        RunningGateway gateway, string collection, string? since, string? filter, int? limit, string? token) =>
        Task.FromResult<IPageReader>(new Reader(gateway, ChangesAddress.Of(collection, filter, limit), since, wait, token));

    private sealed class Reader(RunningGateway gateway, string address, string? cursor, int? wait, string? token) : IPageReader
    {
        private static readonly TimeSpan Period = TimeSpan.FromMilliseconds(20);
        private bool _begun;

        public async Task<Page> Next(CancellationToken cancel)
        {
            // The technique itself: a poller comes back after a while. The first question is asked at once.
            if (_begun && wait is null) await Task.Delay(Period, cancel);
            var since = cursor is null ? "" : $"&since={Uri.EscapeDataString(cursor)}";
            var held = _begun && wait is { } seconds ? $"&wait={seconds}" : "";
            var reply = await gateway.Get(address + since + held, token);
            if (reply.Status != 200) throw new FeedEnded(reply.Code!);
            _begun = true;
            var page = Page.Of(reply.Json);
            cursor = page.Cursor;
            return page;
        }

        public ValueTask DisposeAsync() => default;
    }
}

/// <summary>Server-sent events, read as a browser does.</summary>
public sealed class EventStreamTransport : ITransport
{
    public async Task<IPageReader> Open(
        RunningGateway gateway, string collection, string? since, string? filter, int? limit, string? token)
    {
        var address = ChangesAddress.Of(collection, filter, limit) + (since is null ? "" : $"&since={Uri.EscapeDataString(since)}");
        using var request = new HttpRequestMessage(HttpMethod.Get, address);
        request.Headers.Accept.Add(new("text/event-stream"));
        if (token is not null) request.Headers.Authorization = new("Bearer", token);
        var answer = await gateway.Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        if (!answer.IsSuccessStatusCode)
            throw new FeedEnded((string)JsonNode.Parse(await answer.Content.ReadAsStringAsync())!["code"]!);
        return new Reader(answer, new StreamReader(await answer.Content.ReadAsStreamAsync()));
    }

    private sealed class Reader(HttpResponseMessage answer, StreamReader lines) : IPageReader
    {
        public async Task<Page> Next(CancellationToken cancel)
        {
            var (kind, id, data) = ("", "", "");
            while (await lines.ReadLineAsync(cancel) is { } line)
            {
                if (line.StartsWith("event: ")) kind = line["event: ".Length..];
                else if (line.StartsWith("id: ")) id = line["id: ".Length..];
                else if (line.StartsWith("data: ")) data = line["data: ".Length..];
                else if (line.Length == 0 && kind.Length > 0) return Read(kind, id, data);
            }
            throw new EndOfStreamException();
        }

        private static Page Read(string kind, string id, string data)
        {
            var body = JsonNode.Parse(data)!.AsObject();
            if (kind == "problem") throw new FeedEnded((string)body["code"]!);
            Assert.Equal("changes", kind);
            var page = Page.Of(body);
            Assert.Equal(page.Cursor, id);
            return page;
        }

        public ValueTask DisposeAsync()
        {
            lines.Dispose();
            answer.Dispose();
            return default;
        }
    }
}

internal static class ChangesAddress
{
    public static string Of(string collection, string? filter, int? limit) =>
        $"/v1/collections/{collection}/changes?limit={limit ?? 1000}" + (filter is null ? "" : $"&filter={Uri.EscapeDataString(filter)}");
}
