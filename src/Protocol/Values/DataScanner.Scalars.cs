using System.Buffers.Text;
using System.Globalization;

namespace OrleansSync.Protocol;

// Strings and numbers: what a value or a name may be written with.
internal ref partial struct DataScanner
{
    private void Text()
    {
        var end = _at + 1;
        while (true)
        {
            var run = _json[end..].IndexOfAny(EndsOfRun);
            if (run < 0)
                throw Malformed("the string that begins here does not end");
            end += run;
            if (_json[end] == '"')
                break;
            if (_json[end] != '\\')
                throw Malformed("a control character in the string that begins here must be escaped");
            end = AfterEscape(end);
        }
        Copy(end + 1 - _at);
    }

    private readonly int AfterEscape(int at)
    {
        if (at + 1 >= _json.Length)
            throw Malformed("the string that begins here does not end");
        if (_json[at + 1] != 'u')
        {
            return "\"\\/bfnrt"u8.Contains(_json[at + 1])
                ? at + 2
                : throw Malformed("the string that begins here has an unknown escape");
        }

        var unit = CodeUnit(at);
        if (unit < 0)
            throw Malformed("the string that begins here does not end");
        if (unit == 0)
            throw Malformed("U+0000 is not allowed");
        if (!char.IsSurrogate((char)unit))
            return at + 6;
        if (char.IsHighSurrogate((char)unit) && char.IsLowSurrogate((char)CodeUnit(at + 6)))
            return at + 12;
        throw Malformed("the string that begins here has half of a surrogate pair");
    }

    // -1 where no \u escape stands: as a char, no surrogate.
    private readonly int CodeUnit(int at)
    {
        if (at + 6 > _json.Length || _json[at] != '\\' || _json[at + 1] != 'u')
            return -1;
        return Utf8Parser.TryParse(_json.Slice(at + 2, 4), out ushort unit, out var used, 'x') && used == 4
            ? unit
            : throw Malformed(@"a \u in the string that begins here is not followed by four hexadecimal digits");
    }

    private void Number()
    {
        var end = _at + (_json[_at] == '-' ? 1 : 0);
        var whole = DigitsAt(end);
        if (whole == 0 || (whole > 1 && _json[end] == '0'))
            throw Malformed("a number is expected");
        end += whole;

        var fraction = 0;
        if (end < _json.Length && _json[end] == '.')
        {
            fraction = DigitsAt(end + 1);
            if (fraction == 0)
                throw Malformed("digits are expected after the decimal point");
            end += 1 + fraction;
        }
        if (whole + fraction > ExactNumber.MaxDigits)
            throw Malformed($"a number may have at most {ExactNumber.MaxDigits} digits");

        if (end < _json.Length && _json[end] is (byte)'e' or (byte)'E')
            end = AfterExponent(end + 1);
        Copy(end - _at);
    }

    private readonly int AfterExponent(int at)
    {
        if (at < _json.Length && _json[at] is (byte)'+' or (byte)'-')
            at++;
        var digits = DigitsAt(at);
        if (digits == 0)
            throw Malformed("digits are expected in the exponent");

        var power = _json.Slice(at, digits).TrimStart((byte)'0');
        if (power.Length > 3 || (power.Length == 3 && int.Parse(power, CultureInfo.InvariantCulture) > ExactNumber.MaxExponent))
            throw Malformed($"a number's exponent may be at most {ExactNumber.MaxExponent}");
        return at + digits;
    }

    private readonly int DigitsAt(int at)
    {
        var count = _json[at..].IndexOfAnyExceptInRange((byte)'0', (byte)'9');
        return count < 0 ? _json.Length - at : count;
    }
}
