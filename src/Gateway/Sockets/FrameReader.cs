using System.Buffers;
using System.Buffers.Binary;
using System.Runtime.CompilerServices;

namespace OrleansSync.Gateway.Sockets;

/// <summary>What a socket said.</summary>
internal enum Heard : byte
{
    /// <summary>Not a whole message yet.</summary>
    Nothing,
    Text,
    Binary,
    Ping,
    Pong,
    Close,
    /// <summary>Not WebSocket: nothing after it can be understood.</summary>
    Garbage,
    /// <summary>A message over the limit: nothing after it is read.</summary>
    TooLarge,
}

/// <summary>
/// Finds messages in the bytes of a socket, unmasked in place, so that a small message is never copied. While nothing is
/// there it holds no buffer: an idle socket costs nothing here.
/// </summary>
internal sealed class FrameReader(Stream stream, int limit) : IDisposable
{
    /// <summary>With no limit set, still what one buffer can hold.</summary>
    private readonly int _maxMessage = Math.Min(limit, 1 << 30);

    private const int FirstBuffer = 16 * 1024;
    private const int MaskLength = 4;

    /// <summary>A bit for each opcode there is.</summary>
    private const int Opcodes = 0b_111_0000_0111;

    private byte[] _buffer = [];
    private int _start;
    private int _end;

    // The parts of a fragmented message, and what it is; Continuation = there is none.
    private byte[] _parts = [];
    private int _partsLength;
    private Opcode _partsKind = Opcode.Continuation;

    /// <summary>Waits for bytes and takes what is there. False = the peer has gone.</summary>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<bool> Fill(CancellationToken cancel)
    {
        if (_start == _end)
        {
            Return(ref _buffer);
            _start = _end = 0;
            // Comes back when there is something to read, and takes none of it.
            _ = await stream.ReadAsync(Memory<byte>.Empty, cancel);
        }
        MakeRoom();
        var count = await stream.ReadAsync(_buffer.AsMemory(_end), cancel);
        _end += count;
        return count > 0;
    }

    /// <summary>The next message that is whole; its payload is good until the next call of any method.</summary>
    public Heard TryRead(out ReadOnlyMemory<byte> payload)
    {
        while (true)
        {
            var heard = TryReadFrame(out var opcode, out var final, out var body);
            payload = body;
            if (heard is not null) return heard.Value;
            if (opcode >= Opcode.Close) return final ? Control(opcode, body.Length) : Heard.Garbage;
            if (final && opcode != Opcode.Continuation && _partsKind == Opcode.Continuation) return Data(opcode);

            heard = Join(opcode, final, body.Span);
            if (heard is null) continue;
            payload = _parts.AsMemory(0, _partsLength);
            return heard.Value;
        }
    }

    /// <summary>Waits for bytes and throws them away. False = the peer has gone.</summary>
    public ValueTask<bool> Skip(CancellationToken cancel)
    {
        _start = _end;
        return Fill(cancel);
    }

    public void Dispose()
    {
        Return(ref _buffer);
        Return(ref _parts);
        _start = _end = _partsLength = 0;
    }

    /// <summary>Null = a frame was read.</summary>
    private Heard? TryReadFrame(out Opcode opcode, out bool final, out Memory<byte> body)
    {
        body = default;
        final = false;
        opcode = default;
        var bytes = _buffer.AsSpan(_start, _end - _start);
        if (bytes.Length < 2) return Heard.Nothing;

        opcode = (Opcode)(bytes[0] & 0x0F);
        final = (bytes[0] & 0x80) != 0;
        var masked = (bytes[1] & 0x80) != 0;
        // No extension was agreed on, so no reserved bit means anything; clients always mask.
        if ((bytes[0] & 0x70) != 0 || !masked || (Opcodes >> (int)opcode & 1) == 0) return Heard.Garbage;

        if (!TryReadLength(bytes, out var length, out var header)) return Heard.Nothing;
        if (length > (ulong)_maxMessage) return Heard.TooLarge;
        var whole = header + MaskLength + (int)length;
        if (bytes.Length < whole) return Heard.Nothing;

        body = _buffer.AsMemory(_start + header + MaskLength, (int)length);
        Masking.Remove(body.Span, bytes.Slice(header, MaskLength));
        _start += whole;
        return null;
    }

    private static bool TryReadLength(ReadOnlySpan<byte> bytes, out ulong length, out int header)
    {
        length = (ulong)(bytes[1] & 0x7F);
        header = length < 126 ? 2 : length == 126 ? 4 : 10;
        if (bytes.Length < header) return false;
        if (header == 4) length = BinaryPrimitives.ReadUInt16BigEndian(bytes[2..]);
        if (header == 10) length = BinaryPrimitives.ReadUInt64BigEndian(bytes[2..]);
        return true;
    }

    private static Heard Control(Opcode opcode, int length) =>
        length > Frame.MaxControl ? Heard.Garbage
        : opcode == Opcode.Ping ? Heard.Ping
        : opcode == Opcode.Pong ? Heard.Pong
        : Heard.Close;

    private static Heard Data(Opcode opcode) => opcode == Opcode.Text ? Heard.Text : Heard.Binary;

    /// <summary>Adds a fragment. Null = more are to come.</summary>
    private Heard? Join(Opcode opcode, bool final, ReadOnlySpan<byte> body)
    {
        var first = opcode != Opcode.Continuation;
        if (first != (_partsKind == Opcode.Continuation)) return Heard.Garbage;
        if (first)
        {
            _partsKind = opcode;
            _partsLength = 0;
        }
        if (_partsLength + body.Length > _maxMessage) return Heard.TooLarge;

        Grow(ref _parts, _partsLength, _partsLength + body.Length);
        body.CopyTo(_parts.AsSpan(_partsLength));
        _partsLength += body.Length;
        if (!final) return null;

        var heard = Data(_partsKind);
        _partsKind = Opcode.Continuation;
        return heard;
    }

    /// <summary>Doubles as bytes arrive: a length that is only announced reserves nothing.</summary>
    private void MakeRoom()
    {
        if (_partsKind == Opcode.Continuation && _parts.Length > 0) Return(ref _parts);
        if (_buffer.Length == 0) _buffer = ArrayPool<byte>.Shared.Rent(FirstBuffer);
        if (_end < _buffer.Length) return;
        if (_start > 0)
        {
            _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
            _end -= _start;
            _start = 0;
        }
        else
        {
            Grow(ref _buffer, _end, _end * 2);
        }
    }

    private static void Grow(ref byte[] buffer, int used, int wanted)
    {
        if (buffer.Length >= wanted) return;
        var larger = ArrayPool<byte>.Shared.Rent(Math.Max(wanted, buffer.Length * 2));
        buffer.AsSpan(0, used).CopyTo(larger);
        Return(ref buffer);
        buffer = larger;
    }

    private static void Return(ref byte[] buffer)
    {
        if (buffer.Length > 0) ArrayPool<byte>.Shared.Return(buffer);
        buffer = [];
    }
}
