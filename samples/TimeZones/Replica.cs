using System.Text.Json.Nodes;

namespace OrleansSync.TimeZones;

/// <summary>A client's copy of a collection, kept by following its feed.</summary>
internal sealed class Replica(string technique, string collection)
{
    private readonly Dictionary<string, string> _records = [];
    private readonly Lock _lock = new();
    private TaskCompletionSource _moved = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private string? _cursor;

    public async Task FollowSocket(Uri server, CancellationToken stop)
    {
        using var socket = await Conversation.Open(server, stop);
        await socket.Send(new JsonObject { ["type"] = "subscribe", ["ref"] = 1, ["collection"] = collection }, stop);
        await UntilStopped(async () =>
        {
            var frame = await socket.Receive(stop);
            if ((string?)frame["type"] == "changes") Apply(frame);
        }, stop);
    }

    public Task FollowLongPolling(HttpClient http, CancellationToken stop) => UntilStopped(
        async () =>
        {
            var since = _cursor is null ? "" : $"&since={_cursor}";
            Apply(JsonNode.Parse(await http.GetStringAsync($"/v1/collections/{collection}/changes?wait=20{since}", stop))!.AsObject());
        }, stop);

    private static async Task UntilStopped(Func<Task> step, CancellationToken stop)
    {
        try
        {
            while (true) await step();
        }
        catch (Exception end) when (stop.IsCancellationRequested && end is OperationCanceledException or System.Net.WebSockets.WebSocketException)
        {
        }
    }

    private void Apply(JsonObject page)
    {
        lock (_lock)
        {
            if (page["reset"] is not null) _records.Clear();
            foreach (var change in page["changes"]!.AsArray())
            {
                var record = change!["record"]!;
                if ((string?)change["type"] == "upsert") _records[(string)record["id"]!] = record.ToJsonString();
                else _records.Remove((string)record["id"]!);
            }

            _cursor = (string)page["cursor"]!;
        }

        Interlocked.Exchange(ref _moved, new(TaskCreationOptions.RunContinuationsAsynchronously)).TrySetResult();
    }

    /// <summary>Returns when it holds so many records.</summary>
    public Task Holds(int count, CancellationToken stop) => Until(records => records.Count == count, stop);

    /// <summary>Returns when it holds exactly what the server holds.</summary>
    public async Task Equals(Dictionary<string, string> truth, CancellationToken stop)
    {
        await Until(records => records.Count == truth.Count && truth.All(record => records.GetValueOrDefault(record.Key) == record.Value), stop);
        Console.WriteLine($"{technique}: equal");
    }

    private async Task Until(Func<Dictionary<string, string>, bool> holds, CancellationToken stop)
    {
        while (true)
        {
            var moved = _moved.Task;
            lock (_lock)
                if (holds(_records)) return;
            await moved.WaitAsync(stop);
        }
    }
}
