using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Runtime.CompilerServices;

namespace OrleansSync.Protocol;

/// <summary>
/// A JSON number by its exact value, for comparing: sign and <c>0.digits × 10^exponent</c>, without leading or trailing zeros. Zero has no digits.
/// </summary>
internal struct ExactNumber
{
    /// <summary>Most digits a number may be written with (protocol §2).</summary>
    public const int MaxDigits = 64;

    /// <summary>The greatest power of ten a number may be written with, up or down.</summary>
    public const int MaxExponent = 308;

    private Storage _digits;
    private int _count;

    public bool Negative { get; private set; }
    public int Exponent { get; private set; }
    public readonly bool IsZero => _count == 0;

    /// <summary>The significant digits, each 0–9.</summary>
    [UnscopedRef]
    public readonly ReadOnlySpan<byte> Digits => ((ReadOnlySpan<byte>)_digits)[.._count];

    /// <summary>Reads JSON number text that was checked before.</summary>
    public static ExactNumber Read(ReadOnlySpan<byte> text)
    {
        var number = new ExactNumber { Negative = text[0] == '-' };
        var mark = text.IndexOfAny((byte)'e', (byte)'E');
        var power = mark < 0 ? 0 : int.Parse(text[(mark + 1)..], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
        number.ReadMantissa(mark < 0 ? text : text[..mark], power);
        return number;
    }

    private void ReadMantissa(ReadOnlySpan<byte> mantissa, int power)
    {
        var inFraction = false;
        foreach (var b in mantissa)
        {
            if (b == '.')
                inFraction = true;
            if (b is < (byte)'0' or > (byte)'9')
                continue;

            var leading = _count == 0 && b == '0';
            if (!leading && _count < MaxDigits)
                _digits[_count++] = (byte)(b - '0');
            Exponent += inFraction ? (leading ? -1 : 0) : (leading ? 0 : 1);
        }

        while (_count > 0 && _digits[_count - 1] == 0)
            _count--;
        Exponent = IsZero ? 0 : Exponent + power;
        Negative &= !IsZero;
    }

    /// <summary>The one text that all spellings of this value share, itself within the limits.</summary>
    public readonly string ToCanonicalText()
    {
        if (IsZero)
            return "0";

        var digits = string.Create(_count, this, static (text, number) =>
        {
            for (var i = 0; i < text.Length; i++)
                text[i] = (char)('0' + number._digits[i]);
        });
        return (Negative ? "-" : "") + WithPower(digits, Exponent - _count);
    }

    // Values at the edges are written with more digits and the outermost exponent, as a further one would be refused when read again.
    private static string WithPower(string digits, int power)
    {
        if (power > MaxExponent)
            return $"{digits}{new string('0', power - MaxExponent)}e{MaxExponent}";
        if (power < -MaxExponent)
            return $"{Shifted(digits, -MaxExponent - power)}e-{MaxExponent}";

        var scientific = $"{digits}e{power}";
        var plainLength = power >= 0 ? digits.Length + power : 1 + Math.Max(digits.Length, 1 - power);
        return plainLength > scientific.Length ? scientific
            : power >= 0 ? digits + new string('0', power)
            : Shifted(digits, -power);
    }

    private static string Shifted(string digits, int places)
    {
        var padded = digits.PadLeft(places + 1, '0');
        return $"{padded[..^places]}.{padded[^places..]}";
    }

    [InlineArray(MaxDigits)]
    private struct Storage
    {
        private byte _first;
    }
}
