using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using OrleansSync.EndToEnd.Nodes;

namespace OrleansSync.EndToEnd.Faults;

/// <summary>
/// What every node says to its clients while the database is away: the truth, or 'unavailable', in time; to those who follow nothing that is not so,
/// on connections that stay; and afterwards everything goes on by itself.
/// </summary>
internal sealed class AskingWithoutADatabase
{
    private const string Collection = "away";
    private const string Records = $"/v1/collections/{Collection}/records";

    /// <summary>The ten seconds for which a gateway asks on, the three of the last question, and what a busy machine adds.</summary>
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan NoticedWithin = TimeSpan.FromSeconds(10);
    private const long MostGrowth = 200_000_000;

    private readonly List<Onlooker> _onlookers = [];
    private readonly List<string> _notes = [];
    private readonly Dictionary<Node, long> _before = [];
    private string _cursor = "";

    /// <summary>What was seen, a line each.</summary>
    public IReadOnlyList<string> Notes => _notes;

    public async Task Prepare(Cluster cluster)
    {
        await Write(cluster[0], "before");
        _cursor = (string)JsonNode.Parse(await cluster[0].Http.GetStringAsync($"/v1/collections/{Collection}/changes"))!["cursor"]!;
        foreach (var node in cluster.Nodes)
        {
            _onlookers.Add(await Onlooker.Of(node, Collection, _cursor));
            _before[node] = node.Process.WorkingSet;
        }
    }

    public async Task Ask(Cluster cluster)
    {
        await Task.WhenAll(cluster.Nodes.Select(AskHealth));
        Node[] asked = [cluster.Nodes.First(node => node.Kind == NodeKind.Both), cluster.Nodes.Last()];
        await Task.WhenAll(asked.SelectMany(node => new[]
        {
            Told(node, "a write", HttpMethod.Patch, $"{Records}/r", new { text = "while" }),
            Told(node, "a read", HttpMethod.Get, $"{Records}/r"),
            Told(node, "a list", HttpMethod.Get, Records),
            Told(node, "a history", HttpMethod.Get, $"{Records}/r/history"),
            Told(node, "a poll", HttpMethod.Get, $"/v1/collections/{Collection}/changes?since={_cursor}"),
            Told(node, "a long poll", HttpMethod.Get, $"/v1/collections/{Collection}/changes?since={_cursor}&wait=3"),
            ToldOverASocket(node, "a write over a socket", WriteFrame()),
            ToldOverASocket(node, "a read over a socket", new() { ["type"] = "get", ["ref"] = 1, ["collection"] = Collection, ["record"] = "r" }),
            ToldOverASocket(node, "a subscription", new() { ["type"] = "subscribe", ["ref"] = 1, ["collection"] = Collection, ["since"] = _cursor }),
        }));
        foreach (var node in cluster.Nodes) Note($"{node.Kind} grew by {(node.Process.WorkingSet - _before[node]) / 1_000_000} MB while the database was away");
        Assert.All(cluster.Nodes, node => Assert.True(node.Process.WorkingSet - _before[node] < MostGrowth, $"{node} grew from {_before[node]} to {node.Process.WorkingSet} bytes."));
    }

    public async Task AskAfterwards(Cluster cluster)
    {
        await Write(cluster[1], "after");
        foreach (var onlooker in _onlookers)
        {
            Note($"the subscriptions at {onlooker.Node.Kind}: {await onlooker.Hears("after")}");
            onlooker.Dispose();
        }
    }

    private static async Task Write(Node node, string text)
    {
        using var request = new HttpRequestMessage(HttpMethod.Put, $"{Records}/r") { Content = JsonContent.Create(new { text }) };
        request.Headers.Add("Idempotency-Key", $"{text}-{Guid.NewGuid():N}");
        using var answer = await node.Http.SendAsync(request);
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
    }

    /// <summary>Every node is alive, and says soon that it is not ready.</summary>
    private async Task AskHealth(Node node)
    {
        Assert.True(await node.Process.Answers("/health/live"), $"{node} is not alive.");
        var clock = Stopwatch.StartNew();
        while (true)
        {
            using var ready = await node.Http.GetAsync("/health/ready");
            if (ready.StatusCode == HttpStatusCode.ServiceUnavailable) break;
            Assert.True(clock.Elapsed < NoticedWithin, $"{node} says that it is ready: {ready.StatusCode}.");
        }
        Note($"{node.Kind} said after {clock.Elapsed.TotalSeconds:0.0} s that it is not ready");
    }

    private async Task Told(Node node, string what, HttpMethod method, string path, object? body = null)
    {
        var clock = Stopwatch.StartNew();
        using var request = new HttpRequestMessage(method, path);
        if (body is not null) request.Content = JsonContent.Create(body);
        if (method != HttpMethod.Get) request.Headers.Add("Idempotency-Key", $"w-{Guid.NewGuid():N}");
        using var patience = new CancellationTokenSource(Deadline);
        using var answer = await node.Http.SendAsync(request, patience.Token);
        var text = await answer.Content.ReadAsStringAsync(patience.Token);
        Judge(node, what, clock.Elapsed, isWrite: method != HttpMethod.Get, (string?)JsonNode.Parse(text)!["code"], text);
    }

    private async Task ToldOverASocket(Node node, string what, JsonObject frame)
    {
        var clock = Stopwatch.StartNew();
        using var patience = new CancellationTokenSource(Deadline);
        using var socket = await SyncSocket.Connect(node.Address, patience.Token);
        await socket.Send(frame, patience.Token);
        var answer = await socket.Receive(patience.Token);
        Judge(node, what, clock.Elapsed, (string?)frame["type"] == "write", (string?)(answer["results"]?[0] ?? answer)["code"], answer.ToJsonString());
    }

    /// <summary>A write cannot have happened. What is shown must be what was true when the database went.</summary>
    private void Judge(Node node, string what, TimeSpan took, bool isWrite, string? code, string text)
    {
        Note($"{what} at {node.Kind} was answered '{code ?? "the truth"}' after {took.TotalSeconds:0.0} s");
        if (isWrite) Assert.True(code == "unavailable", $"{what} at {node} was answered {text}");
        else Assert.True(code is "unavailable" or null, $"{what} at {node} was answered {text}");
        Assert.True(code is not null || !text.Contains("while", StringComparison.Ordinal), $"{what} at {node} shows what cannot be: {text}");
    }

    private static JsonObject WriteFrame() => new()
    {
        ["type"] = "write",
        ["ref"] = 1,
        ["writes"] = new JsonArray(new JsonObject
        {
            ["id"] = $"w-{Guid.NewGuid():N}",
            ["collection"] = Collection,
            ["record"] = "r",
            ["op"] = "patch",
            ["data"] = new JsonObject { ["other"] = "while" },
        }),
    };

    private void Note(string line)
    {
        lock (_notes) _notes.Add(line);
    }
}
