using System.Buffers;
using System.Text;
using OrleansSync.Load.Peers;

namespace OrleansSync.Load;

/// <summary>Puts very many records into a collection of ours as fast as it takes them: many writes in a frame, several frames under way on one socket.</summary>
internal sealed class Fill : IDisposable
{
    private const int MostWrites = 250;
    private const int FrameBytes = 128 * 1024;
    private const int UnderWay = 2;
    private const int SliceSize = 10_000;
    private const int RefusalBytes = 160;
    private const int Attempts = 5;

    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);
    private static readonly byte[] Code = "\"code\":"u8.ToArray();
    private static readonly byte[] Problem = "\"type\":\"problem\""u8.ToArray();

    private readonly RawSocket _socket;
    private readonly TextCounter _answers = new("\"type\":\"results\""u8.ToArray());
    private readonly TextCounter _results = new("\"outcome\":"u8.ToArray());
    private readonly TextCounter _good = new("\"outcome\":\"applied\""u8.ToArray());
    private readonly ArrayBufferWriter<byte> _frame = new();
    private readonly byte[] _buffer = new byte[256 * 1024];
    private int _open;
    private long _answered;
    private long _applied;
    private string _refusal = "no code was given";

    private Fill(RawSocket socket) => _socket = socket;

    /// <param name="data">Of each record, by its number; all about equally long.</param>
    /// <exception cref="InvalidOperationException">Not all were taken, again and again.</exception>
    public static async Task Records(Address address, string collection, int from, int count, Func<int, string> data, CancellationToken cancelled)
    {
        using var fill = new Fill(await RawSocket.Connect(address, "/v1/socket"));
        await fill._socket.SendText("""{"type":"hello","version":1}""");
        await fill._socket.ReadUntil("\"welcome\""u8.ToArray());
        foreach (var some in Enumerable.Range(from, count).Chunk(SliceSize))
        {
            for (var attempt = 1; !await fill.Slice(collection, some, data, cancelled); attempt++)
            {
                if (attempt == Attempts) throw new InvalidOperationException($"{some.Length:N0} records were not all taken, {attempt} times over: {fill._refusal}");
                await Task.Delay(Pause, cancelled);
            }
        }
    }

    /// <summary>All of some records.</summary>
    /// <returns>Whether all were taken: a server that is cold, or busy, may say no to some.</returns>
    private async Task<bool> Slice(string collection, int[] records, Func<int, string> data, CancellationToken cancelled)
    {
        var (before, answered) = (_applied, _answered);
        foreach (var some in records.Chunk(Math.Clamp(FrameBytes / data(records[0]).Length, 1, MostWrites)))
        {
            cancelled.ThrowIfCancellationRequested();
            while (_open == UnderWay) await Receive();
            await Send(collection, some, data);
        }

        // An answer begins long before its last result is there.
        while (_answered - answered < records.Length) await Receive();
        return _applied - before == records.Length;
    }

    private async Task Send(string collection, int[] records, Func<int, string> data)
    {
        var writes = records.Select(record => $$"""{"collection":"{{collection}}","record":"r-{{record}}","op":"put","data":{{data(record)}}}""");
        _frame.ResetWrittenCount();
        Frames.Write(_frame, Encoding.UTF8.GetBytes($$"""{"type":"write","ref":{{records[0]}},"writes":[{{string.Join(',', writes)}}]}"""), binary: false);
        await _socket.Send(_frame.WrittenMemory);
        _open++;
    }

    private async Task Receive()
    {
        var read = await _socket.Receive(_buffer);
        if (read == 0) throw new IOException("The server closed the connection while it was filled.");
        if (_buffer.AsSpan(0, read).IndexOf(Code) is >= 0 and var at) _refusal = Encoding.UTF8.GetString(_buffer.AsSpan(at, Math.Min(RefusalBytes, read - at)));
        if (_buffer.AsSpan(0, read).IndexOf(Problem) >= 0) throw new InvalidOperationException($"A frame of records was refused: {_refusal}");
        _answered += _results.Count(_buffer.AsSpan(0, read));
        _applied += _good.Count(_buffer.AsSpan(0, read));
        _open -= _answers.Count(_buffer.AsSpan(0, read));
    }

    public void Dispose() => _socket.Dispose();
}
