using System.Diagnostics;
using System.Net.WebSockets;
using System.Text.Json.Nodes;

namespace OrleansSync.EndToEnd;

/// <summary>
/// A client that writes one thing after the other and never gives one up: whatever happens to the connection, it connects again and
/// sends the unanswered write again under its own id.
/// </summary>
/// <param name="gateways">Where it connects, in turn.</param>
/// <param name="most">It ends by itself after this many.</param>
/// <param name="deadline">After so long without an answer it goes elsewhere; unless told, a server that neither answers nor leaves has broken its word.</param>
internal sealed class PersistentWriter(
    IReadOnlyList<Uri> gateways, string name, Func<int, JsonObject> nextWrite, int most = int.MaxValue, TimeSpan? deadline = null)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(40);

    /// <summary>How many writes were answered.</summary>
    public int Answered { get; private set; }

    /// <summary>The longest that a write took, from when it was first sent to its answer.</summary>
    public TimeSpan Longest { get; private set; }

    /// <summary>How often it was told to send a write again.</summary>
    public int Refusals { get; private set; }

    /// <summary>The answer to each, in order.</summary>
    public List<JsonObject> Results { get; } = [];

    public async Task Run(CancellationToken stop)
    {
        SyncSocket? socket = null;
        var next = 0;
        while ((!stop.IsCancellationRequested && Answered < most) || PendingWrite is not null)
        {
            try
            {
                Begin();
                socket ??= await Connect(gateways[next++ % gateways.Count]);
                if (await WriteOne(socket) || gateways.Count == 1) continue;
                // It cannot reach the record, and another one may.
                socket.Dispose();
                socket = null;
            }
            catch (Exception broken) when (broken is WebSocketException or HttpRequestException or IOException)
            {
                socket?.Dispose();
                socket = null;
                await Task.Yield();
            }
        }

        socket?.Dispose();
    }

    private async Task<SyncSocket> Connect(Uri gateway)
    {
        if (deadline is not { } most) return await SyncSocket.Connect(gateway);
        using var patience = new CancellationTokenSource(most);
        try
        {
            return await SyncSocket.Connect(gateway, patience.Token);
        }
        catch (OperationCanceledException)
        {
            throw new IOException("It does not let anybody in.");
        }
    }

    private JsonObject? PendingWrite { get; set; }

    private long Begun { get; set; }

    private void Begin()
    {
        if (PendingWrite is not null) return;
        PendingWrite = Named(nextWrite(Answered + 1), Answered + 1);
        Begun = Stopwatch.GetTimestamp();
    }

    /// <summary>False where this gateway may not be able to.</summary>
    private async Task<bool> WriteOne(SyncSocket socket)
    {
        await socket.Send(new JsonObject { ["type"] = "write", ["ref"] = Answered, ["writes"] = new JsonArray(PendingWrite!.DeepClone()) });
        var answer = await Answer(socket);
        var result = answer["results"]![0]!.AsObject();
        if ((string?)result["code"] is "unavailable" or "overloaded")
        {
            Refusals++;
            return (string?)result["code"] == "overloaded";
        }
        Results.Add(result);
        Answered++;
        PendingWrite = null;
        var took = Stopwatch.GetElapsedTime(Begun);
        if (took > Longest) Longest = took;
        return true;
    }

    /// <summary>A server gives its answer or its connection up: one that does neither is broken.</summary>
    private async Task<JsonObject> Answer(SyncSocket socket)
    {
        using var patience = new CancellationTokenSource(deadline ?? Patience);
        try
        {
            return await socket.Receive(patience.Token);
        }
        catch (Exception) when (patience.IsCancellationRequested)
        {
            if (deadline is not null) throw new IOException("It does not answer.");
            throw new TimeoutException($"Nobody has answered {PendingWrite!["id"]} for {Patience.TotalSeconds} s.");
        }
    }

    private JsonObject Named(JsonObject write, int number)
    {
        write["id"] = $"{name}-{number}";
        return write;
    }
}
