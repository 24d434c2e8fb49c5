using System.Text;

namespace OrleansSync.Gateway.Feeds;

/// <summary>A number as cursors write it: in base 62, so that the places of eight partitions fit. Equal numbers have equal texts.</summary>
internal static class CursorNumber
{
    private const string Digits = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

    /// <summary>So many cannot overflow, and no feed comes near them.</summary>
    private const int MostDigits = 10;

    public static StringBuilder AppendNumber(this StringBuilder text, long number)
    {
        Span<char> digits = stackalloc char[MostDigits + 1];
        var first = digits.Length;
        for (; number > 0; number /= Digits.Length) digits[--first] = Digits[(int)(number % Digits.Length)];
        return text.Append(digits[first..]);
    }

    /// <summary>False when it is no number above 0 as <see cref="AppendNumber"/> writes it.</summary>
    public static bool TryRead(ReadOnlySpan<char> text, out long number)
    {
        number = 0;
        if (text.Length is 0 or > MostDigits || text[0] == Digits[0]) return false;
        foreach (var letter in text)
        {
            var digit = Digits.IndexOf(letter);
            if (digit < 0) return false;
            number = number * Digits.Length + digit;
        }
        return true;
    }
}
