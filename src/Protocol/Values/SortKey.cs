using System.Buffers.Binary;
using System.Text;
using System.Text.Json;

namespace OrleansSync.Protocol;

/// <summary>
/// Bytes whose order (memcmp, the shorter of two with a common beginning first) is the protocol's order of values: missing, null, false, true,
/// numbers by exact value, strings by code point, arrays, objects. The first byte is the rank; a whole rank lies between
/// <c>[rank]</c> and <c>[rank + 1]</c>. Keys of equal scalars are equal; arrays and objects have nothing but their rank.
/// A string's key is its rank and its UTF-8 bytes, so it can be as long as the data.
/// </summary>
public static class SortKey
{
    public const byte Missing = 0x10;
    public const byte Null = 0x20;
    public const byte False = 0x30;
    public const byte True = 0x40;
    public const byte Number = 0x50;
    public const byte String = 0x60;
    public const byte Array = 0x70;
    public const byte Object = 0x80;

    /// <summary>Longest key of a number, rank included.</summary>
    public const int MaxNumberLength = 5 + (ExactNumber.MaxDigits / 2);

    private const byte BelowZero = 1, Zero = 2, AboveZero = 3;
    private const int ExponentBias = 0x8000;

    /// <summary>The key of the value at a path of a JSON object as kept.</summary>
    public static byte[] Of(ReadOnlySpan<byte> data, FieldPath path) =>
        path.TryFind(data, out var value) ? Of(value) : [Missing];

    /// <summary>The key of one JSON value.</summary>
    public static byte[] Of(ReadOnlySpan<byte> value)
    {
        var reader = new Utf8JsonReader(value);
        reader.Read();
        var rank = RankOf(reader.TokenType);
        return rank switch
        {
            Number => OfNumber(reader.ValueSpan),
            String => OfUtf8(ref reader),
            _ => [rank],
        };
    }

    /// <summary>The key of a text, such as a record's id.</summary>
    public static byte[] OfString(string text)
    {
        var key = new byte[1 + Encoding.UTF8.GetByteCount(text)];
        key[0] = String;
        Encoding.UTF8.GetBytes(text, key.AsSpan(1));
        return key;
    }

    internal static byte RankOf(JsonTokenType token) => token switch
    {
        JsonTokenType.Null => Null,
        JsonTokenType.False => False,
        JsonTokenType.True => True,
        JsonTokenType.Number => Number,
        JsonTokenType.String => String,
        JsonTokenType.StartArray => Array,
        JsonTokenType.StartObject => Object,
        _ => Missing,
    };

    private static byte[] OfUtf8(ref Utf8JsonReader reader)
    {
        var key = new byte[1 + reader.ValueSpan.Length];
        key[0] = String;
        var length = reader.CopyString(key.AsSpan(1));
        return 1 + length == key.Length ? key : key[..(1 + length)];
    }

    private static byte[] OfNumber(ReadOnlySpan<byte> text)
    {
        Span<byte> key = stackalloc byte[MaxNumberLength];
        return key[..WriteNumber(text, key)].ToArray();
    }

    /// <summary>Writes the key of a number: rank, sign, biased exponent, digits in pairs, end. Below zero all but the sign is complemented.</summary>
    internal static int WriteNumber(ReadOnlySpan<byte> text, Span<byte> key)
    {
        var number = ExactNumber.Read(text);
        key[0] = Number;
        key[1] = number.IsZero ? Zero : number.Negative ? BelowZero : AboveZero;
        if (number.IsZero)
            return 2;

        BinaryPrimitives.WriteUInt16BigEndian(key[2..], (ushort)(number.Exponent + ExponentBias));
        var digits = number.Digits;
        var length = 4;
        for (var i = 0; i < digits.Length; i += 2)
            key[length++] = (byte)(1 + (10 * digits[i]) + (i + 1 < digits.Length ? digits[i + 1] : 0));
        key[length++] = 0;

        if (number.Negative)
        {
            foreach (ref var b in key[2..length])
                b = (byte)~b;
        }
        return length;
    }
}
