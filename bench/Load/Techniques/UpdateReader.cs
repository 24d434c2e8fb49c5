using System.Buffers.Text;

namespace OrleansSync.Load.Techniques;

/// <summary>Finds the numbers of the updates in what a client was sent.</summary>
internal ref struct UpdateReader(ReadOnlySpan<byte> bytes)
{
    private static readonly byte[] Mark = "\"update\":"u8.ToArray();

    private ReadOnlySpan<byte> _left = bytes;

    /// <summary>The next one; 0 = what a record held from the start.</summary>
    public bool Next(out int number)
    {
        number = 0;
        var at = _left.IndexOf(Mark);
        if (at < 0) return false;
        _left = _left[(at + Mark.Length)..];
        return Utf8Parser.TryParse(_left, out number, out _);
    }
}
