using System.Text;
using System.Text.Json;

namespace OrleansSync.Protocol;

/// <summary>
/// Names a place in a record's data: member names joined by <c>.</c>, in which <c>.</c> and <c>\</c> are written <c>\.</c> and
/// <c>\\</c>. The empty path is the whole record. Two paths are equal when their texts are.
/// </summary>
public sealed class FieldPath : IEquatable<FieldPath>
{
    /// <summary>The whole record, <c>""</c>.</summary>
    public static readonly FieldPath Root = new([], "");

    private readonly string _text;
    private readonly byte[][] _utf8;

    private FieldPath(string[] segments, string text)
    {
        Segments = segments;
        _text = text;
        _utf8 = Array.ConvertAll(segments, Encoding.UTF8.GetBytes);
    }

    /// <summary>The member names from the outermost in, unescaped.</summary>
    public IReadOnlyList<string> Segments { get; }

    public bool IsRoot => _utf8.Length == 0;

    /// <summary>The member names as UTF-8, for comparing with JSON text.</summary>
    internal ReadOnlySpan<byte[]> Utf8 => _utf8;

    /// <summary>Reads a path; throws <see cref="RefusedException"/> (malformed) for empty or reserved names and unknown escapes.</summary>
    public static FieldPath Parse(string text)
    {
        if (text.Length == 0)
            return Root;

        var segments = new List<string>();
        var segment = new StringBuilder();
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] == '.')
                segments.Add(Taken(segment, text));
            else if (text[i] != '\\')
                segment.Append(text[i]);
            else if (i + 1 < text.Length && text[i + 1] is '.' or '\\')
                segment.Append(text[++i]);
            else
                throw Malformed(text, @"a \ must be followed by . or \");
        }
        segments.Add(Taken(segment, text));
        return new FieldPath([.. segments], text);
    }

    /// <summary>The path of these member names, which are trusted.</summary>
    public static FieldPath Of(params ReadOnlySpan<string> segments) =>
        segments.IsEmpty ? Root : new(segments.ToArray(), TextOf(segments));

    /// <summary>The text of the path of these member names, which are trusted.</summary>
    public static string TextOf(List<string> names) =>
        names.Count switch { 0 => "", 1 => Escape(names[0]), _ => TextOf(System.Runtime.InteropServices.CollectionsMarshal.AsSpan(names)) };

    /// <summary>The path of a member of what is here.</summary>
    public FieldPath Member(string name) =>
        new([.. Segments, name], IsRoot ? Escape(name) : $"{_text}.{Escape(name)}");

    /// <summary>True when the other path is this one or below it.</summary>
    public bool Covers(FieldPath other) =>
        IsRoot || (other._text.StartsWith(_text, StringComparison.Ordinal)
            && (other._text.Length == _text.Length || other._text[_text.Length] == '.'));

    /// <summary>Finds the raw value at this path in a JSON object as kept; false when there is none.</summary>
    public bool TryFind(ReadOnlySpan<byte> data, out ReadOnlySpan<byte> value)
    {
        value = data;
        if (IsRoot)
            return true;

        var reader = new Utf8JsonReader(data);
        reader.Read();
        foreach (var name in _utf8)
        {
            if (!Enter(ref reader, name))
                return false;
        }

        var start = (int)reader.TokenStartIndex;
        reader.Skip();
        value = data[start..(int)reader.BytesConsumed];
        return true;
    }

    private static bool Enter(ref Utf8JsonReader reader, ReadOnlySpan<byte> name)
    {
        if (reader.TokenType != JsonTokenType.StartObject)
            return false;

        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var found = reader.ValueTextEquals(name);
            reader.Read();
            if (found)
                return true;
            reader.Skip();
        }
        return false;
    }

    private static string Taken(StringBuilder segment, string text)
    {
        var name = segment.ToString();
        segment.Clear();
        return name switch
        {
            "" => throw Malformed(text, "a member name is empty"),
            ['$', ..] => throw Malformed(text, "names that begin with $ are reserved"),
            _ when name.Contains('\0') || !IsUnicode(name) => throw Malformed(text, "a member name is no Unicode text"),
            _ => name,
        };
    }

    private static bool IsUnicode(string name)
    {
        for (var i = 0; i < name.Length; i++)
        {
            if (char.IsSurrogate(name[i]) && (i + 1 == name.Length || !char.IsSurrogatePair(name[i], name[++i])))
                return false;
        }
        return true;
    }

    private static string TextOf(ReadOnlySpan<string> segments)
    {
        var text = new StringBuilder(Escape(segments[0]));
        foreach (var name in segments[1..])
            text.Append('.').Append(Escape(name));
        return text.ToString();
    }

    private static string Escape(string name) =>
        name.AsSpan().IndexOfAny('.', '\\') < 0 ? name : name.Replace(@"\", @"\\").Replace(".", @"\.");

    private static RefusedException Malformed(string text, string why) =>
        new(Codes.Malformed, $"'{text}' is not a path: {why}.");

    public bool Equals(FieldPath? other) => other is not null && _text == other._text;
    public override bool Equals(object? obj) => Equals(obj as FieldPath);
    public override int GetHashCode() => _text.GetHashCode();
    public override string ToString() => _text;
}
