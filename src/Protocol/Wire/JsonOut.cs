using System.Buffers;
using System.Buffers.Text;
using System.Text;

namespace OrleansSync.Protocol;

/// <summary>
/// Writes JSON by hand: literals, strings and numbers straight into a buffer. Whoever writes keeps the syntax; call <see cref="End"/> when done.
/// </summary>
public ref struct JsonOut(IBufferWriter<byte> target)
{
    private const int Least = 256;
    private const int LongestNumber = 20;

    private static readonly SearchValues<char> Escaped = SearchValues.Create(
        [.. Enumerable.Range(0, 0x20).Select(c => (char)c), '"', '\\']);
    private static readonly SearchValues<byte> EscapedUtf8 = SearchValues.Create(
        [.. Enumerable.Range(0, 0x20).Select(b => (byte)b), (byte)'"', (byte)'\\']);

    private Span<byte> _space;
    private int _used;

    /// <summary>Hands what was written to the buffer.</summary>
    public void End()
    {
        target.Advance(_used);
        _space = default;
        _used = 0;
    }

    /// <summary>Copies bytes that are JSON, or a piece of it, already.</summary>
    public void Raw(scoped ReadOnlySpan<byte> json)
    {
        json.CopyTo(Space(json.Length));
        _used += json.Length;
    }

    public void Raw(char ascii)
    {
        Space(1)[0] = (byte)ascii;
        _used++;
    }

    public void Number(long value)
    {
        var space = Space(LongestNumber);
        Utf8Formatter.TryFormat(value, space, out var written);
        _used += written;
    }

    public void Boolean(bool value) => Raw(value ? "true"u8 : "false"u8);

    /// <summary>Writes an instant as a string.</summary>
    public void Instant(Timestamp timestamp)
    {
        var space = Space(Timestamp.Length + 2);
        space[0] = space[Timestamp.Length + 1] = (byte)'"';
        timestamp.Format(space.Slice(1, Timestamp.Length));
        _used += Timestamp.Length + 2;
    }

    /// <summary>Writes a string; only what JSON asks for is escaped.</summary>
    public void String(scoped ReadOnlySpan<char> text)
    {
        Raw('"');
        for (var run = text.IndexOfAny(Escaped); run >= 0; run = text.IndexOfAny(Escaped))
        {
            Run(text[..run]);
            Escape(text[run]);
            text = text[(run + 1)..];
        }
        Run(text);
        Raw('"');
    }

    /// <summary>Writes a string given as UTF-8.</summary>
    public void String(scoped ReadOnlySpan<byte> utf8)
    {
        Raw('"');
        for (var run = utf8.IndexOfAny(EscapedUtf8); run >= 0; run = utf8.IndexOfAny(EscapedUtf8))
        {
            Raw(utf8[..run]);
            Escape((char)utf8[run]);
            utf8 = utf8[(run + 1)..];
        }
        Raw(utf8);
        Raw('"');
    }

    /// <summary>Writes a member that has a string, after its comma and name; nothing when there is none.</summary>
    public void Member(scoped ReadOnlySpan<byte> nameWithComma, string? text)
    {
        if (text is null)
            return;
        Raw(nameWithComma);
        String(text);
    }

    private void Run(scoped ReadOnlySpan<char> text)
    {
        var space = Space(Encoding.UTF8.GetMaxByteCount(text.Length));
        _used += Encoding.UTF8.GetBytes(text, space);
    }

    private void Escape(char c)
    {
        switch (c)
        {
            case '"': Raw("\\\""u8); break;
            case '\\': Raw("\\\\"u8); break;
            case '\n': Raw("\\n"u8); break;
            case '\r': Raw("\\r"u8); break;
            case '\t': Raw("\\t"u8); break;
            case '\b': Raw("\\b"u8); break;
            case '\f': Raw("\\f"u8); break;
            default:
                Raw("\\u00"u8);
                Raw(c < 0x10 ? '0' : '1');
                Raw("0123456789abcdef"[c & 0xF]);
                break;
        }
    }

    private Span<byte> Space(int bytes)
    {
        if (_space.Length - _used < bytes)
        {
            target.Advance(_used);
            _space = target.GetSpan(Math.Max(bytes, Least));
            _used = 0;
        }
        return _space[_used..];
    }
}
