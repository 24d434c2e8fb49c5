using System.Net.WebSockets;
using System.Text.Json.Nodes;

namespace OrleansSync.EndToEnd;

/// <summary>
/// A client that follows a collection, keeps what it is told, and goes on from its cursor after every break. It checks what every
/// subscriber may rely on: one chain of pages, and versions that only rise.
/// </summary>
internal abstract class FeedFollower
{
    private readonly Dictionary<string, JsonObject> _records = [];
    private readonly Dictionary<string, long> _versions = [];
    private readonly Lock _lock = new();
    private string? _cursor;
    private int _connections;
    private TaskCompletionSource _moved = new(TaskCreationOptions.RunContinuationsAsynchronously);

    protected string? Cursor => _cursor;

    /// <summary>Told each page as it comes.</summary>
    public Action<JsonObject>? Told { get; set; }

    /// <summary>The first promise that was broken, if any.</summary>
    public string? Broken { get; private set; }

    /// <summary>Live records by id as this client holds them.</summary>
    public IReadOnlyDictionary<string, JsonObject> Records
    {
        get
        {
            lock (_lock) return new Dictionary<string, JsonObject>(_records);
        }
    }

    /// <summary>Follows until it is told to stop, through every failure of the connection.</summary>
    public async Task Run(CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            try
            {
                await Follow(stop);
            }
            catch (Exception broken) when (broken is WebSocketException or HttpRequestException or IOException or OperationCanceledException)
            {
                await Pause();
            }
        }
    }

    /// <summary>Nobody knocks without a break where a server is being started.</summary>
    private static Task Pause() => Task.Delay(20, CancellationToken.None);

    /// <summary>Where to go now: another place after each break.</summary>
    protected T Next<T>(IReadOnlyList<T> places) => places[_connections++ % places.Count];

    protected abstract Task Follow(CancellationToken stop);

    /// <summary>Returns when what this client holds meets the condition.</summary>
    public async Task Until(Func<IReadOnlyDictionary<string, JsonObject>, bool> holds, TimeSpan within)
    {
        using var deadline = new CancellationTokenSource(within);
        while (true)
        {
            var moved = _moved.Task;
            if (holds(Records)) return;
            await moved.WaitAsync(deadline.Token);
        }
    }

    protected void Apply(JsonObject page)
    {
        Told?.Invoke(page);
        lock (_lock)
        {
            var since = (string?)page["since"];
            if (_cursor is not null && since != _cursor) Broken ??= $"a page since {since} came to a client at {_cursor}";
            if (page["reset"] is not null)
            {
                _records.Clear();
                _versions.Clear();
            }

            foreach (var change in page["changes"]!.AsArray()) Apply((string)change!["type"]!, change["record"]!.AsObject());
            _cursor = (string)page["cursor"]!;
        }

        Interlocked.Exchange(ref _moved, new(TaskCreationOptions.RunContinuationsAsynchronously)).TrySetResult();
    }

    private void Apply(string type, JsonObject record)
    {
        var id = (string)record["id"]!;
        var version = (long)record["version"]!;
        if (version <= _versions.GetValueOrDefault(id)) Broken ??= $"{id} went from version {_versions[id]} to {version}";
        _versions[id] = version;
        if (type == "upsert") _records[id] = record;
        else _records.Remove(id);
    }
}

/// <summary>Follows over the plain WebSocket.</summary>
internal sealed class SocketFollower(IReadOnlyList<Uri> gateways, string collection) : FeedFollower
{
    protected override async Task Follow(CancellationToken stop)
    {
        using var socket = await SyncSocket.Connect(Next(gateways), stop);
        var subscribe = new JsonObject { ["type"] = "subscribe", ["ref"] = 1, ["collection"] = collection };
        if (Cursor is not null) subscribe["since"] = Cursor;
        await socket.Send(subscribe, stop);
        while (!stop.IsCancellationRequested)
        {
            var frame = await socket.ReceiveOfTheLiving(stop);
            if ((string?)frame["type"] == "changes") Apply(frame);
            else if ((string?)frame["type"] == "problem") throw new WebSocketException($"{frame["code"]}");
        }
    }
}

/// <summary>Follows by long polling.</summary>
internal sealed class LongPollFollower(IReadOnlyList<HttpClient> gateways, string collection) : FeedFollower
{
    protected override async Task Follow(CancellationToken stop)
    {
        var http = Next(gateways);
        while (!stop.IsCancellationRequested)
        {
            var since = Cursor is null ? "" : $"&since={Cursor}";
            using var silence = CancellationTokenSource.CreateLinkedTokenSource(stop);
            silence.CancelAfter(SyncSocket.LongestSilence);
            var page = await http.GetStringAsync($"/v1/collections/{collection}/changes?wait=5{since}", silence.Token);
            Apply(JsonNode.Parse(page)!.AsObject());
        }
    }
}

/// <summary>Follows by server-sent events.</summary>
internal sealed class EventFollower(IReadOnlyList<HttpClient> gateways, string collection) : FeedFollower
{
    protected override async Task Follow(CancellationToken stop)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, $"/v1/collections/{collection}/changes");
        request.Headers.Accept.ParseAdd("text/event-stream");
        if (Cursor is not null) request.Headers.Add("Last-Event-ID", Cursor);
        using var silence = CancellationTokenSource.CreateLinkedTokenSource(stop);
        silence.CancelAfter(SyncSocket.LongestSilence);
        using var answer = await Next(gateways).SendAsync(request, HttpCompletionOption.ResponseHeadersRead, silence.Token);
        answer.EnsureSuccessStatusCode();
        using var lines = new StreamReader(await answer.Content.ReadAsStreamAsync(silence.Token));
        for (; await lines.ReadLineAsync(silence.Token) is { } line; silence.CancelAfter(SyncSocket.LongestSilence))
            if (line.StartsWith("data:", StringComparison.Ordinal))
                Apply(JsonNode.Parse(line[5..])!.AsObject());
    }
}
