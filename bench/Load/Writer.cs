using System.Text;

namespace OrleansSync.Load;

/// <summary>A client that keeps a number of writes in flight on one socket: as many answers as come, so many writes go out, in one send.</summary>
internal sealed class Writer(RawSocket socket, int inFlight, Func<int, string> frame) : IDisposable
{
    private static readonly byte[] Answer = "\"type\":\"results\""u8.ToArray();
    private static readonly byte[] Good = "\"outcome\":\"applied\""u8.ToArray();

    private readonly TextCounter _answers = new(Answer);
    private readonly TextCounter _good = new(Good);
    private readonly byte[] _out = new byte[inFlight * 700];
    private int _sent;

    public long Answered { get; private set; }
    public long Applied { get; private set; }

    /// <summary>Puts whole to-dos to random records of the collections.</summary>
    public static Task<Writer> Connect(Address address, int index, int inFlight, IReadOnlyList<string> collections, int records, int seed)
    {
        var random = new Random(seed * 7919 + index);
        return Connect(address, inFlight, number =>
            $$"""{"type":"write","ref":{{number}},"writes":[{"id":"w-{{index}}-{{number}}","collection":"{{collections[number % collections.Count]}}","record":"r-{{random.Next(records)}}","op":"put","data":{{Payload.Data(index, number)}}}]}""");
    }

    /// <param name="frame">The frame of the n-th write, from 1; under 700 bytes.</param>
    public static async Task<Writer> Connect(Address address, int inFlight, Func<int, string> frame)
    {
        var socket = await RawSocket.Connect(address, "/v1/socket");
        await socket.SendText("""{"type":"hello","version":1}""");
        await socket.ReadUntil("\"welcome\""u8.ToArray());
        return new(socket, inFlight, frame);
    }

    /// <summary>Writes until it is stopped and all is answered; can be run again after that.</summary>
    public async Task Run(CancellationToken stop)
    {
        var buffer = new byte[256 * 1024];
        await SendWrites(inFlight);
        var open = inFlight;
        while (open > 0)
        {
            var read = await socket.Receive(buffer);
            if (read == 0) throw new IOException("The server closed the connection.");
            var answers = _answers.Count(buffer.AsSpan(0, read));
            Applied += _good.Count(buffer.AsSpan(0, read));
            Answered += answers;
            open -= answers;
            if (stop.IsCancellationRequested || answers == 0) continue;
            await SendWrites(answers);
            open += answers;
        }
    }

    private ValueTask SendWrites(int count)
    {
        var used = 0;
        for (var i = 0; i < count; i++) used += RawSocket.Frame(NextWrite(), _out.AsSpan(used));
        return socket.Send(_out.AsMemory(0, used));
    }

    private byte[] NextWrite() => Encoding.UTF8.GetBytes(frame(++_sent));

    public void Dispose() => socket.Dispose();
}
