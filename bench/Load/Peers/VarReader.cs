namespace OrleansSync.Load.Peers;

/// <summary>Reads numbers of seven bits a byte, and bytes with their length before them.</summary>
internal ref struct VarReader(ReadOnlySpan<byte> bytes)
{
    private ReadOnlySpan<byte> _left = bytes;

    public readonly bool AtEnd => _left.IsEmpty;

    public byte Byte()
    {
        var first = _left[0];
        _left = _left[1..];
        return first;
    }

    public ulong Uint()
    {
        ulong number = 0;
        for (var shift = 0; ; shift += 7)
        {
            var part = Byte();
            number |= (ulong)(part & 0x7f) << shift;
            if (part < 0x80) return number;
        }
    }

    public ReadOnlySpan<byte> Bytes()
    {
        var length = (int)Uint();
        var bytes = _left[..length];
        _left = _left[length..];
        return bytes;
    }
}
