using System.Diagnostics;

namespace OrleansSync.Load;

/// <summary>A client that claims and releases a record's conflict again and again, at a pace, each when the one before was answered.</summary>
internal sealed class Claimer(RawSocket socket, string collection, string record) : IDisposable
{
    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(50);
    private static readonly byte[] Answer = "\"type\":\"result\""u8.ToArray();
    private static readonly byte[] Good = "\"outcome\":\"applied\""u8.ToArray();

    private readonly TextCounter _answers = new(Answer);
    private readonly TextCounter _good = new(Good);
    private readonly byte[] _buffer = new byte[256 * 1024];
    private int _sent;

    /// <summary>Versions that it has made.</summary>
    public long Versions { get; private set; }

    /// <summary>How long it has been at it.</summary>
    public TimeSpan Time { get; private set; }

    public static async Task<Claimer> Connect(int port, string collection, string record)
    {
        var socket = await RawSocket.Connect(port, "/v1/socket");
        await socket.SendText("""{"type":"hello","version":1,"client":"reviewer"}""");
        await socket.ReadUntil("\"welcome\""u8.ToArray());
        return new(socket, collection, record);
    }

    public async Task Run(CancellationToken stop)
    {
        var clock = Stopwatch.StartNew();
        using var pace = new PeriodicTimer(Pace);
        while (!stop.IsCancellationRequested)
        {
            await pace.WaitForNextTickAsync();
            await Ask("claim");
            await Ask("release");
        }

        Time += clock.Elapsed;
    }

    private async Task Ask(string type)
    {
        await socket.SendText($$"""{"type":"{{type}}","ref":{{++_sent}},"collection":"{{collection}}","record":"{{record}}"}""");
        for (var answers = 0; answers == 0;)
        {
            var read = await socket.Receive(_buffer);
            if (read == 0) throw new IOException("The server closed the connection.");
            answers = _answers.Count(_buffer.AsSpan(0, read));
            Versions += _good.Count(_buffer.AsSpan(0, read));
        }
    }

    public void Dispose() => socket.Dispose();
}
