using System.Buffers.Text;

namespace OrleansSync.Load;

/// <summary>Finds the numbers after a mark in a stream of bytes that arrives in pieces, also one that is cut in two: where each must be found once.</summary>
/// <param name="mark">What stands before each number; after it comes something that is no digit.</param>
internal sealed class NumberScanner(byte[] mark, Action<long> found)
{
    private const int MostDigits = 19;

    private readonly int _longest = mark.Length + MostDigits + 1;
    private readonly byte[] _seam = new byte[2 * (mark.Length + MostDigits + 1)];
    private int _kept;

    public void Scan(ReadOnlySpan<byte> bytes)
    {
        if (_kept > 0)
        {
            var more = Math.Min(bytes.Length, _longest);
            bytes[..more].CopyTo(_seam.AsSpan(_kept));
            var joined = _seam.AsSpan(0, _kept + more);
            var past = Find(joined);
            if (more == bytes.Length)
            {
                Keep(joined[past..]);
                return;
            }

            // What began before the seam is whole by now.
            if (past > _kept) bytes = bytes[(past - _kept)..];
        }

        Keep(bytes[Find(bytes)..]);
    }

    /// <returns>Where the last whole number ends.</returns>
    private int Find(ReadOnlySpan<byte> bytes)
    {
        var past = 0;
        for (var at = bytes.IndexOf(mark); at >= 0; at = bytes[past..].IndexOf(mark))
        {
            var number = past + at + mark.Length;
            var good = Utf8Parser.TryParse(bytes[number..], out long value, out var digits);
            if (number + digits == bytes.Length) break;
            if (good) found(value);
            past = number + digits;
        }

        return past;
    }

    private void Keep(ReadOnlySpan<byte> rest)
    {
        _kept = Math.Min(rest.Length, _longest - 1);
        rest[^_kept..].CopyTo(_seam);
    }
}
