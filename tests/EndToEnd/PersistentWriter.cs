using System.Net.WebSockets;
using System.Text.Json.Nodes;

namespace OrleansSync.EndToEnd;

/// <summary>
/// A client that writes one thing after the other and never gives one up: whatever happens to the connection, it connects again and
/// sends the unanswered write again under its own id.
/// </summary>
/// <param name="most">It ends by itself after this many.</param>
internal sealed class PersistentWriter(Uri gateway, string name, Func<int, JsonObject> nextWrite, int most = int.MaxValue)
{
    /// <summary>How many writes were answered.</summary>
    public int Answered { get; private set; }

    /// <summary>The answer to each, in order.</summary>
    public List<JsonObject> Results { get; } = [];

    public async Task Run(CancellationToken stop)
    {
        SyncSocket? socket = null;
        while ((!stop.IsCancellationRequested && Answered < most) || PendingWrite is not null)
        {
            try
            {
                socket ??= await SyncSocket.Connect(gateway);
                await WriteOne(socket);
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

    private JsonObject? PendingWrite { get; set; }

    private async Task WriteOne(SyncSocket socket)
    {
        PendingWrite ??= Named(nextWrite(Answered + 1), Answered + 1);
        await socket.Send(new JsonObject { ["type"] = "write", ["ref"] = Answered, ["writes"] = new JsonArray(PendingWrite.DeepClone()) });
        var answer = await socket.Receive();
        var result = answer["results"]![0]!.AsObject();
        if ((string?)result["code"] is "unavailable" or "overloaded") return;
        Results.Add(result);
        Answered++;
        PendingWrite = null;
    }

    private JsonObject Named(JsonObject write, int number)
    {
        write["id"] = $"{name}-{number}";
        return write;
    }
}
