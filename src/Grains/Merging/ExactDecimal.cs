using System.Globalization;
using System.Numerics;
using System.Text;

namespace OrleansSync.Grains.Merging;

/// <summary>Sums of JSON numbers, exact in decimal whatever their size.</summary>
internal static class ExactDecimal
{
    private const int MostDigits = 64;
    private const int LargestExponent = 308;

    /// <summary>The sum, in plain notation where that is short enough; null when a text is no number or the sum has no allowed text.</summary>
    public static byte[]? Sum(ReadOnlyMemory<byte> a, ReadOnlyMemory<byte> b)
    {
        if (Read(a.Span) is not var (left, leftScale) || Read(b.Span) is not var (right, rightScale)) return null;
        var scale = Math.Min(leftScale, rightScale);
        return Write(left * BigInteger.Pow(10, leftScale - scale) + right * BigInteger.Pow(10, rightScale - scale), scale);
    }

    /// <summary>A number as digits × 10^scale.</summary>
    private static (BigInteger Digits, int Scale)? Read(ReadOnlySpan<byte> text)
    {
        if (text.IsEmpty || !(text[0] is (byte)'-' or (>= (byte)'0' and <= (byte)'9'))) return null;
        var exponentAt = text.IndexOfAny((byte)'e', (byte)'E');
        var scale = exponentAt < 0 ? 0 : int.Parse(Encoding.ASCII.GetString(text[(exponentAt + 1)..]), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
        var number = Encoding.ASCII.GetString(exponentAt < 0 ? text : text[..exponentAt]);
        var pointAt = number.IndexOf('.');
        if (pointAt >= 0) scale -= number.Length - pointAt - 1;
        return (BigInteger.Parse(number.Replace(".", ""), CultureInfo.InvariantCulture), scale);
    }

    private static byte[]? Write(BigInteger digits, int scale)
    {
        if (digits.IsZero) return "0"u8.ToArray();
        while (scale < 0 && digits % 10 == 0)
        {
            digits /= 10;
            scale++;
        }

        var sign = digits.Sign < 0 ? "-" : "";
        var text = BigInteger.Abs(digits).ToString(CultureInfo.InvariantCulture);
        if (scale >= 0 && text.Length + scale <= MostDigits) return Ascii(sign + text + new string('0', scale));
        if (scale < 0 && Math.Max(text.Length, 1 - scale) <= MostDigits) return Ascii(sign + Pointed(text, -scale));

        var trimmed = text.TrimEnd('0');
        scale += text.Length - trimmed.Length;
        return trimmed.Length <= MostDigits && Math.Abs(scale) <= LargestExponent ? Ascii($"{sign}{trimmed}e{scale}") : null;
    }

    private static string Pointed(string digits, int decimals)
    {
        digits = digits.PadLeft(decimals + 1, '0');
        return $"{digits[..^decimals]}.{digits[^decimals..]}";
    }

    private static byte[] Ascii(string text) => Encoding.ASCII.GetBytes(text);
}
