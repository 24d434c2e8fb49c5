using System.Text;

namespace OrleansSync.Protocol;

/// <summary>Reads the instants of RFC 3339 in every spelling: any offset, lower case, a fraction of any length, a leap second.</summary>
internal static class TimestampText
{
    private const int FractionDigits = 7;
    private const int ShortestLength = 20;
    private const int LongestRead = 128;

    public static bool TryParse(ReadOnlySpan<char> text, out Timestamp timestamp)
    {
        timestamp = default;
        Span<byte> utf8 = stackalloc byte[LongestRead];
        return text.Length <= LongestRead && Ascii.FromUtf16(text, utf8, out var length) == System.Buffers.OperationStatus.Done
            && TryParse(utf8[..length], out timestamp);
    }

    public static bool TryParse(ReadOnlySpan<byte> text, out Timestamp timestamp)
    {
        timestamp = default;
        if (text.Length < ShortestLength || !TryReadDate(text, out var ticks) || !TryReadTime(text[10..], ref ticks))
            return false;

        var rest = text[19..];
        if (!TryReadFraction(ref rest, ref ticks) || !TryReadOffset(rest, ref ticks))
            return false;
        timestamp = new Timestamp(ticks);
        return ticks >= DateTime.MinValue.Ticks && ticks <= DateTime.MaxValue.Ticks;
    }

    private static bool TryReadDate(ReadOnlySpan<byte> text, out long ticks)
    {
        ticks = 0;
        var (year, month, day) = (Number(text[..4]), Number(text[5..7]), Number(text[8..10]));
        if (text[4] != '-' || text[7] != '-' || year < 1 || month is < 1 or > 12 || day < 1 || day > DateTime.DaysInMonth(year, month))
            return false;
        ticks = new DateTime(year, month, day).Ticks;
        return true;
    }

    // A leap second, 60, is the second after: clocks that know none go on like that.
    private static bool TryReadTime(ReadOnlySpan<byte> text, ref long ticks)
    {
        var (hour, minute, second) = (Number(text[1..3]), Number(text[4..6]), Number(text[7..9]));
        if (text[0] is not ((byte)'T' or (byte)'t') || text[3] != ':' || text[6] != ':')
            return false;
        if (hour is < 0 or > 23 || minute is < 0 or > 59 || second is < 0 or > 60)
            return false;
        ticks += (hour * TimeSpan.TicksPerHour) + (minute * TimeSpan.TicksPerMinute) + (second * TimeSpan.TicksPerSecond);
        return true;
    }

    private static bool TryReadFraction(ref ReadOnlySpan<byte> rest, ref long ticks)
    {
        if (rest.IsEmpty || rest[0] != '.')
            return true;

        var scale = TimeSpan.TicksPerSecond;
        var at = 1;
        for (; at < rest.Length && rest[at] is >= (byte)'0' and <= (byte)'9'; at++)
        {
            if (at <= FractionDigits)
                ticks += (rest[at] - '0') * (scale /= 10);
        }
        rest = rest[at..];
        return at > 1;
    }

    private static bool TryReadOffset(ReadOnlySpan<byte> rest, ref long ticks)
    {
        if (rest is [(byte)'Z' or (byte)'z'])
            return true;
        if (rest is not [(byte)'+' or (byte)'-', _, _, (byte)':', _, _])
            return false;

        var (hours, minutes) = (Number(rest[1..3]), Number(rest[4..6]));
        if (hours is < 0 or > 23 || minutes is < 0 or > 59)
            return false;
        var offset = (hours * TimeSpan.TicksPerHour) + (minutes * TimeSpan.TicksPerMinute);
        ticks += rest[0] == '+' ? -offset : offset;
        return true;
    }

    private static int Number(ReadOnlySpan<byte> digits)
    {
        var number = 0;
        foreach (var b in digits)
        {
            if (b is < (byte)'0' or > (byte)'9')
                return -1;
            number = (number * 10) + (b - '0');
        }
        return number;
    }
}
