namespace OrleansSync.Load;

/// <summary>Counts how often a text comes by in a stream of bytes that arrives in pieces.</summary>
internal sealed class TextCounter(byte[] text)
{
    private readonly byte[] _tail = new byte[2 * text.Length];
    private int _kept;

    public int Count(ReadOnlySpan<byte> bytes)
    {
        var count = AcrossTheSeam(bytes);
        for (var at = bytes.IndexOf(text); at >= 0; at = bytes.IndexOf(text))
        {
            count++;
            bytes = bytes[(at + text.Length)..];
        }

        Keep(bytes);
        return count;
    }

    private int AcrossTheSeam(ReadOnlySpan<byte> bytes)
    {
        if (_kept == 0) return 0;
        var more = Math.Min(bytes.Length, text.Length - 1);
        bytes[..more].CopyTo(_tail.AsSpan(_kept));
        return _tail.AsSpan(0, _kept + more).IndexOf(text) >= 0 ? 1 : 0;
    }

    private void Keep(ReadOnlySpan<byte> rest)
    {
        _kept = Math.Min(rest.Length, text.Length - 1);
        rest[^_kept..].CopyTo(_tail);
    }
}
