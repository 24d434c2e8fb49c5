using System.Buffers.Binary;
using System.Text;

namespace OrleansSync.Storage;

/// <summary>Writes the members of a binary column into a buffer that is used again and again. For one thread.</summary>
internal sealed class ColumnWriter
{
    /// <summary>A larger buffer is not kept: more than a conflict that is as large as one can be, which may be written many times a second.</summary>
    private const int KeptSize = 4 << 20;

    private byte[] _buffer = new byte[1024];
    private int _length;

    public ReadOnlySpan<byte> Written => _buffer.AsSpan(0, _length);

    public void Clear()
    {
        _length = 0;
        if (_buffer.Length > KeptSize)
            _buffer = new byte[1024];
    }

    public void Byte(byte value)
    {
        Room(1)[0] = value;
        _length++;
    }

    public void Fixed(long value)
    {
        BinaryPrimitives.WriteInt64LittleEndian(Room(sizeof(long)), value);
        _length += sizeof(long);
    }

    /// <summary>A number that is small as a rule: seven bits a byte.</summary>
    public void Count(int value)
    {
        var left = (uint)value;
        for (; left >= 0x80; left >>= 7)
            Byte((byte)(left | 0x80));
        Byte((byte)left);
    }

    public void Text(string? value)
    {
        if (value is null)
        {
            Count(0);
            return;
        }
        var length = Encoding.UTF8.GetByteCount(value);
        Count(length + 1);
        Encoding.UTF8.GetBytes(value, Room(length));
        _length += length;
    }

    public void Bytes(byte[]? value)
    {
        if (value is null)
        {
            Count(0);
            return;
        }
        Count(value.Length + 1);
        value.CopyTo(Room(value.Length));
        _length += value.Length;
    }

    private Span<byte> Room(int count)
    {
        if (_buffer.Length - _length < count)
            Array.Resize(ref _buffer, Math.Max(_buffer.Length * 2, _length + count));
        return _buffer.AsSpan(_length);
    }
}

/// <summary>Reads back what <see cref="ColumnWriter"/> wrote.</summary>
internal ref struct ColumnReader(ReadOnlySpan<byte> column)
{
    private ReadOnlySpan<byte> _rest = column;

    public byte Byte() => Take(1)[0];

    public long Fixed() => BinaryPrimitives.ReadInt64LittleEndian(Take(sizeof(long)));

    public int Count()
    {
        var (value, shift) = (0u, 0);
        while (true)
        {
            var next = Byte();
            value |= (uint)(next & 0x7f) << shift;
            if (next < 0x80)
                return (int)value;
            shift += 7;
        }
    }

    public string? Text() => Count() is > 0 and var count ? Encoding.UTF8.GetString(Take(count - 1)) : null;

    public byte[]? Bytes() => Count() is > 0 and var count ? Take(count - 1).ToArray() : null;

    private ReadOnlySpan<byte> Take(int count)
    {
        var taken = _rest[..count];
        _rest = _rest[count..];
        return taken;
    }
}
