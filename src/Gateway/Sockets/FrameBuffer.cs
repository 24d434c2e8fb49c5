using System.Buffers;

namespace OrleansSync.Gateway.Sockets;

/// <summary>
/// Where one text frame is encoded before it is appended to an outbox: one buffer per thread, used again and again. Encode, then
/// <see cref="Take"/>; nothing may be awaited in between.
/// </summary>
internal sealed class FrameBuffer : IBufferWriter<byte>
{
    private const int FirstSize = 4 * 1024;

    /// <summary>A larger buffer is the pool's, and goes back to it.</summary>
    private const int KeptSize = 256 * 1024;

    [ThreadStatic]
    private static FrameBuffer? _ofThread;

    private byte[] _bytes = new byte[FirstSize];
    private int _end;

    /// <summary>An empty frame, with room for its header.</summary>
    public static FrameBuffer Begin()
    {
        var buffer = _ofThread ??= new();
        if (buffer._bytes.Length > KeptSize) buffer.Replace(new byte[FirstSize]);
        buffer._end = Frame.MaxHeader;
        return buffer;
    }

    /// <summary>The whole frame, good until the next <see cref="Begin"/> on this thread.</summary>
    public ReadOnlySpan<byte> Take()
    {
        var payload = _end - Frame.MaxHeader;
        var start = Frame.MaxHeader - Frame.HeaderLength(payload);
        Frame.WriteHeader(_bytes.AsSpan(start), Opcode.Text, payload);
        return _bytes.AsSpan(start, _end - start);
    }

    public void Advance(int count) => _end += count;

    public Memory<byte> GetMemory(int sizeHint = 0)
    {
        MakeRoom(sizeHint);
        return _bytes.AsMemory(_end);
    }

    public Span<byte> GetSpan(int sizeHint = 0)
    {
        MakeRoom(sizeHint);
        return _bytes.AsSpan(_end);
    }

    private void MakeRoom(int wanted)
    {
        wanted = Math.Max(wanted, 1);
        if (_bytes.Length - _end >= wanted) return;
        var size = Math.Max(_bytes.Length * 2, checked(_end + wanted));
        var larger = size > KeptSize ? ArrayPool<byte>.Shared.Rent(size) : new byte[size];
        _bytes.AsSpan(0, _end).CopyTo(larger);
        Replace(larger);
    }

    private void Replace(byte[] bytes)
    {
        if (_bytes.Length > KeptSize) ArrayPool<byte>.Shared.Return(_bytes);
        _bytes = bytes;
    }
}
