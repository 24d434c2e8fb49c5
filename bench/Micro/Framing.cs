using BenchmarkDotNet.Attributes;
using OrleansSync.Gateway.Sockets;
using OrleansSync.Protocol;

namespace OrleansSync.Micro;

/// <summary>A WebSocket's frames, on a stream that costs nothing: a write as it comes in, a page as it goes out to one more subscriber.</summary>
public class Framing
{
    private readonly EndlessStream _in = new(Masked(
        $$"""{"type":"write","ref":17,"writes":[{"id":"w-17","collection":"todos","record":"r-17","op":"put","data":{{Sample.Data()}}}]}"""));

    private readonly byte[] _page = Frame.Of(Opcode.Text, Sample.Bytes(
        $$$"""{"type":"changes","feed":"f-0123456789abcdef","since":"abcdefgh0123wxyz.lifeGk","changes":[{"type":"upsert","record":{"id":"r-17","version":42,"timestamp":"2026-01-01T12:00:03.0000000Z","author":"ada","data":{{{Sample.Data()}}}}}],"cursor":"abcdefgh0123wxyz.lifeGm","upToDate":true}"""));

    private FrameReader _reader = null!;
    private Outbox _outbox = null!;

    [GlobalSetup]
    public void Prepare()
    {
        _reader = new(_in, 1 << 20);
        _outbox = new(Stream.Null);
    }

    [Benchmark(Description = "the frame of a write, found and unmasked")]
    public int Read() => Next().Length;

    [Benchmark(Description = "the same, and the write in it read")]
    public object ReadWrite() => WriteReader.Read(JsonMembers.Cut(Next()).Elements("writes")![0], "ada", null, 0).Write!;

    [Benchmark(Description = "a delivery to one subscriber")]
    public void Deliver()
    {
        _outbox.Add(_page);
        _outbox.Flush();
    }

    private ReadOnlyMemory<byte> Next()
    {
        var filled = _reader.Fill(CancellationToken.None);
        if (!filled.IsCompletedSuccessfully || !filled.Result) throw new InvalidOperationException("The stream gives its bytes at once.");
        return _reader.TryRead(out var payload) == Heard.Text ? payload : throw new InvalidOperationException("It is no text message.");
    }

    private static byte[] Masked(string text)
    {
        byte[] mask = [0x11, 0x22, 0x83, 0xF4];
        var payload = Sample.Bytes(text);
        var header = Frame.HeaderLength(payload.Length);
        var frame = new byte[header + mask.Length + payload.Length];
        Frame.WriteHeader(frame, Opcode.Text, payload.Length);
        frame[1] |= 0x80;
        mask.CopyTo(frame, header);
        for (var i = 0; i < payload.Length; i++) frame[header + mask.Length + i] = (byte)(payload[i] ^ mask[i & 3]);
        return frame;
    }
}
