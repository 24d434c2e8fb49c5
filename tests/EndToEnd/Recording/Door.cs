using System.Net.Http.Headers;
using System.Text.Json.Nodes;
using OrleansSync.Histories;

namespace OrleansSync.EndToEnd.Recording;

/// <summary>What a client asks, without who and when.</summary>
internal sealed record Question(string Collection, string Id, Asked Asked, string? Write, long? IfVersion, JsonObject? Data);

/// <summary>
/// A way in through one gateway. An answer of null = the server says that it does not know; what breaks or takes too long throws, and then the
/// door is to be closed.
/// </summary>
internal abstract class Door : IDisposable
{
    public static Door To(Uri gateway, bool socket) => socket ? new SocketDoor(gateway) : new RestDoor(gateway);

    public abstract Task<Answer?> Ask(Question question, CancellationToken patience);

    public abstract void Dispose();
}

/// <summary>Over REST, as behind a proxy: it opens only where the gateway says that it is ready.</summary>
internal sealed class RestDoor(Uri gateway) : Door
{
    private readonly HttpClient _http = new() { BaseAddress = gateway, Timeout = Timeout.InfiniteTimeSpan };
    private bool _isOpen;

    public override async Task<Answer?> Ask(Question question, CancellationToken patience)
    {
        if (!_isOpen) await Open(patience);
        using var request = Request(question);
        using var answer = await _http.SendAsync(request, patience);
        var body = JsonNode.Parse(await answer.Content.ReadAsStringAsync(patience))!;
        if (question.Asked != Asked.Read) return RecordText.ReadResult(body);
        return answer.IsSuccessStatusCode ? new(Said.Done, RecordText.Of(body)) : RecordText.ReadProblem(body);
    }

    public override void Dispose() => _http.Dispose();

    private async Task Open(CancellationToken patience)
    {
        using var ready = await _http.GetAsync("/health/ready", patience);
        _isOpen = ready.IsSuccessStatusCode ? true : throw new HttpRequestException(HttpRequestError.ConnectionError, "It is not ready.");
    }

    private static HttpRequestMessage Request(Question question)
    {
        var method = question.Asked switch { Asked.Read => HttpMethod.Get, Asked.Add => HttpMethod.Patch, _ => HttpMethod.Put };
        var request = new HttpRequestMessage(method, $"/v1/collections/{question.Collection}/records/{question.Id}");
        if (question.Data is not null) request.Content = new StringContent(question.Data.ToJsonString(), MediaTypeHeaderValue.Parse("application/json"));
        if (question.Write is not null) request.Headers.Add("Idempotency-Key", question.Write);
        if (question.IfVersion == 0) request.Headers.Add("If-None-Match", "*");
        else if (question.IfVersion is { } version) request.Headers.Add("If-Match", $"\"{version}\"");
        return request;
    }
}

/// <summary>Over the plain WebSocket.</summary>
internal sealed class SocketDoor(Uri gateway) : Door
{
    private SyncSocket? _socket;
    private int _ref;

    public override async Task<Answer?> Ask(Question question, CancellationToken patience)
    {
        _socket ??= await SyncSocket.Connect(gateway, patience);
        await _socket.Send(question.Asked == Asked.Read ? Get(question) : Write(question), patience);
        var answer = await _socket.Receive(patience);
        return (string?)answer["type"] switch
        {
            "results" => RecordText.ReadResult(answer["results"]![0]!),
            "record" => new(Said.Done, RecordText.Of(answer["record"]!)),
            _ => RecordText.ReadProblem(answer),
        };
    }

    public override void Dispose() => _socket?.Dispose();

    private JsonObject Get(Question question) =>
        new() { ["type"] = "get", ["ref"] = ++_ref, ["collection"] = question.Collection, ["record"] = question.Id };

    private JsonObject Write(Question question)
    {
        var write = new JsonObject
        {
            ["id"] = question.Write,
            ["collection"] = question.Collection,
            ["record"] = question.Id,
            ["op"] = question.Asked == Asked.Add ? "patch" : "put",
            ["data"] = question.Data!.DeepClone(),
        };
        if (question.IfVersion is { } version) write["ifVersion"] = version;
        return new() { ["type"] = "write", ["ref"] = ++_ref, ["writes"] = new JsonArray(write) };
    }
}
