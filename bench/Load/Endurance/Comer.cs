using System.Diagnostics;
using System.Text.Json;
using OrleansSync.Load.Peers;

namespace OrleansSync.Load.Endurance;

/// <summary>A client that comes, stays for a few seconds, is gone without a word, and comes back from where it was.</summary>
internal sealed class Comer(Address address, string collection, Random random)
{
    private string _cursor = "now";
    private bool _upToDate;

    /// <summary>How often it was connected and up to date.</summary>
    public long Came { get; private set; }

    /// <summary>How often it could not connect, or was cut off.</summary>
    public long Failed { get; private set; }

    /// <param name="upToDate">Told when it began to connect, each time that it has what it missed.</param>
    public async Task Run(Action<long> upToDate, CancellationToken stop)
    {
        try
        {
            while (true)
            {
                await Task.Delay(AFewSeconds(), stop);
                await Visit(upToDate, stop);
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
        }
    }

    private async Task Visit(Action<long> upToDate, CancellationToken stop)
    {
        using var leaves = CancellationTokenSource.CreateLinkedTokenSource(stop);
        try
        {
            var began = Stopwatch.GetTimestamp();
            using var socket = await Conversation.Open(address, "/v1/socket");
            using var leaving = leaves.Token.Register(socket.Dispose);
            await socket.Send("""{"type":"hello","version":1}""");
            await socket.Send($$"""{"type":"subscribe","ref":1,"collection":"{{collection}}","since":"{{_cursor}}"}""");
            for (_upToDate = false; !_upToDate;) Take(await socket.Next());
            upToDate(began);
            Came++;
            leaves.CancelAfter(AFewSeconds());
            while (true) Take(await socket.Next());
        }
        catch (Exception) when (leaves.IsCancellationRequested)
        {
        }
        catch (Exception broken) when (broken is IOException or System.Net.WebSockets.WebSocketException or HttpRequestException)
        {
            Failed++;
        }
    }

    private void Take(ReadOnlyMemory<byte> message)
    {
        using var read = JsonDocument.Parse(message);
        if (!read.RootElement.TryGetProperty("cursor", out var cursor)) return;
        _cursor = cursor.GetString()!;
        _upToDate = read.RootElement.GetProperty("upToDate").GetBoolean();
    }

    private TimeSpan AFewSeconds() => TimeSpan.FromSeconds(1 + 4 * random.NextDouble());
}
