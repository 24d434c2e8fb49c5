namespace OrleansSync.Protocol;

/// <summary>Numbers in digits and lower-case letters: short, and safe in every URL.</summary>
internal static class Base36
{
    private const string Digits = "0123456789abcdefghijklmnopqrstuvwxyz";
    private const int LongestNumber = 13;

    /// <summary>True when the text has only digits of this notation.</summary>
    public static bool Is(ReadOnlySpan<char> text)
    {
        foreach (var c in text)
        {
            if (!char.IsAsciiDigit(c) && !char.IsAsciiLetterLower(c))
                return false;
        }
        return !text.IsEmpty;
    }

    /// <summary>Writes a number that is not negative, with zeros before it up to a width.</summary>
    public static string Write(long number, int width = 1)
    {
        Span<char> text = stackalloc char[LongestNumber];
        var at = LongestNumber;
        do
        {
            text[--at] = Digits[(int)(number % 36)];
            number /= 36;
        }
        while (number > 0 || LongestNumber - at < width);
        return text[at..].ToString();
    }

    /// <summary>Reads a number as it is written without a width; false for any other text.</summary>
    public static bool TryRead(ReadOnlySpan<char> text, out long number)
    {
        number = 0;
        if (!Is(text) || text.Length > LongestNumber || (text[0] == '0' && text.Length > 1))
            return false;

        var value = UInt128.Zero;
        foreach (var c in text)
            value = (value * 36) + (uint)(char.IsAsciiDigit(c) ? c - '0' : c - 'a' + 10);
        number = value <= long.MaxValue ? (long)value : -1;
        return number >= 0;
    }
}
