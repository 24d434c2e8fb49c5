using System.Numerics;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

using CsCheck;

namespace OrleansSync.Protocol.Tests;

/// <summary>Sort keys: their bytes must order as the protocol orders values (§3).</summary>
public class OrderingValues
{
    private static readonly Gen<string> Numbers =
        Gen.Select(Gen.Bool, Gen.Char['0', '9'].Array[1, 32], Gen.Char['0', '9'].Array[0, 30], Gen.OneOf(Gen.Const(0), Gen.Int[-3, 3], Gen.Int[-308, 308]))
            .Select((negative, whole, fraction, power) =>
            {
                var digits = new string(whole).TrimStart('0');
                return (negative ? "-" : "") + (digits == "" ? "0" : digits)
                    + (fraction.Length > 0 ? "." + new string(fraction) : "") + (power != 0 ? $"e{power:+0;-0}" : "");
            });

    private static readonly Gen<string> Strings =
        Gen.OneOf("a", "b", "z", "\0", "\n", "\"", "\\", "é", "~", "\uE000", "\uFFFD", "\uFFFF", "\U00010000", "\U0010FFFF")
            .Array[0, 4].Select(string.Concat);

    [Fact]
    public void Ranks_order_missing_null_false_true_numbers_strings_arrays_objects()
    {
        string[] rising = ["null", "false", "true", "-1e308", "-2", "-1.5", "0", "1e-308", "0.2", "1", "10", "1e308", "\"\"", "\"a\"", "\"b\"", "[]", "{}"];

        var keys = rising.Select(text => SortKey.Of(Json.Utf8(text))).Prepend(SortKey.Of("{}"u8, FieldPath.Parse("a"))).ToArray();

        for (var i = 1; i < keys.Length; i++)
            Assert.True(keys[i - 1].AsSpan().SequenceCompareTo(keys[i]) < 0, rising[i - 1]);
    }

    [Theory]
    [InlineData("1", "1.0")]
    [InlineData("100", "1e2")]
    [InlineData("0", "-0.000e5")]
    [InlineData("-12.50", "-125e-1")]
    [InlineData("\"A\"", "\"\\u0041\"")]
    [InlineData("[1]", "[2]")]
    public void Equal_values_have_equal_keys(string a, string b) =>
        Assert.Equal(SortKey.Of(Json.Utf8(a)), SortKey.Of(Json.Utf8(b)));

    [Fact]
    public void Numbers_order_by_exact_value() =>
        Gen.Select(Numbers, Numbers).Sample((a, b) =>
            Math.Sign(SortKey.Of(Json.Utf8(a)).AsSpan().SequenceCompareTo(SortKey.Of(Json.Utf8(b)))) == CompareExactly(a, b), iter: 20_000);

    [Fact]
    public void Numbers_that_share_digits_order_by_exact_value() =>
        Gen.Select(Numbers, Gen.Int[0, 9], Gen.Bool).Sample((a, digit, signed) =>
        {
            var b = a.Contains('.') ? a.Replace(".", $".{digit}") : a.Replace("e", $".{digit}e") is var c && c != a ? c : $"{a}.{digit}";
            if (signed)
                (a, b) = (a.TrimStart('-'), b.TrimStart('-'));
            return Math.Sign(SortKey.Of(Json.Utf8(a)).AsSpan().SequenceCompareTo(SortKey.Of(Json.Utf8(b)))) == CompareExactly(a, b);
        }, iter: 20_000);

    [Fact]
    public void A_numbers_canonical_text_has_its_value_keeps_the_limits_and_is_no_longer() =>
        Numbers.Sample(text =>
        {
            var canonical = ExactNumber.Read(Json.Utf8(text)).ToCanonicalText();
            DataText.Read(Json.Utf8(canonical), new DataRules { AnyValue = true });
            return CompareExactly(text, canonical) == 0 && canonical.Length <= text.Length;
        }, iter: 20_000);

    [Fact]
    public void Strings_order_by_code_point_however_they_are_escaped() =>
        Gen.Select(Strings, Strings, Gen.Bool).Sample((a, b, escaped) =>
        {
            var encoder = escaped ? JavaScriptEncoder.Default : JavaScriptEncoder.UnsafeRelaxedJsonEscaping;
            var options = new JsonSerializerOptions { Encoder = encoder };
            var (x, y) = (JsonSerializer.SerializeToUtf8Bytes(a, options), JsonSerializer.SerializeToUtf8Bytes(b));
            Assert.Equal(SortKey.OfString(a), SortKey.Of(x));
            return Math.Sign(SortKey.Of(x).AsSpan().SequenceCompareTo(SortKey.Of(y))) == CompareCodePoints(a, b);
        }, iter: 5_000);

    [Fact]
    public void A_value_is_found_by_its_path()
    {
        var data = """{"x":{"b":1},"a.b":{"\u0063":[{"d":1}]},"e":null}"""u8.ToArray();

        Assert.Equal(SortKey.Of("[]"u8), SortKey.Of(data, FieldPath.Parse(@"a\.b.c")));
        Assert.Equal([SortKey.Null], SortKey.Of(data, FieldPath.Parse("e")));
        Assert.Equal([SortKey.Missing], SortKey.Of(data, FieldPath.Parse("b")));
        Assert.Equal([SortKey.Missing], SortKey.Of(data, FieldPath.Parse("e.f")));
        Assert.Equal([SortKey.Object], SortKey.Of(data, FieldPath.Root));
    }

    // The independent reckoning: both numbers as whole multiples of the smaller power of ten.
    private static int CompareExactly(string a, string b)
    {
        var ((x, p), (y, q)) = (Exact(a), Exact(b));
        var least = Math.Min(p, q);
        return BigInteger.Compare(x * BigInteger.Pow(10, p - least), y * BigInteger.Pow(10, q - least));
    }

    private static (BigInteger Digits, int Power) Exact(string text)
    {
        var parts = text.Split('e');
        var point = parts[0].IndexOf('.');
        var fraction = point < 0 ? 0 : parts[0].Length - point - 1;
        return (BigInteger.Parse(parts[0].Replace(".", "")), (parts.Length > 1 ? int.Parse(parts[1]) : 0) - fraction);
    }

    private static int CompareCodePoints(string a, string b)
    {
        var (x, y) = (a.EnumerateRunes().Select(rune => rune.Value).ToArray(), b.EnumerateRunes().Select(rune => rune.Value).ToArray());
        return Math.Sign(x.AsSpan().SequenceCompareTo(y));
    }
}
