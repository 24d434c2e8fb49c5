using System.Buffers;
using System.Text.Json;

namespace OrleansSync.Protocol;

/// <summary>The one text that equal JSON values share: minified, members sorted by their UTF-8 names, strings escaped minimally, numbers as written.</summary>
internal static class CanonicalText
{
    /// <summary>The canonical text of a value that was checked before.</summary>
    public static byte[] Of(ReadOnlySpan<byte> json)
    {
        var buffer = new ArrayBufferWriter<byte>(json.Length + 16);
        var text = new JsonOut(buffer);
        Write(ref text, json);
        text.End();
        return buffer.WrittenSpan.ToArray();
    }

    internal static void Write(ref JsonOut text, ReadOnlySpan<byte> json)
    {
        var reader = new Utf8JsonReader(json);
        reader.Read();
        switch (reader.TokenType)
        {
            case JsonTokenType.StartObject: WriteObject(ref text, ref reader, json); break;
            case JsonTokenType.StartArray: WriteArray(ref text, ref reader, json); break;
            case JsonTokenType.String: text.String(Unescaped(ref reader)); break;
            default: text.Raw(reader.ValueSpan); break;
        }
    }

    private static void WriteObject(ref JsonOut text, ref Utf8JsonReader reader, ReadOnlySpan<byte> json)
    {
        var members = new List<(byte[] Name, Range Value)>();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var name = Unescaped(ref reader).ToArray();
            reader.Read();
            members.Add((name, Skip(ref reader)));
        }
        members.Sort(static (a, b) => a.Name.AsSpan().SequenceCompareTo(b.Name));

        text.Raw('{');
        for (var i = 0; i < members.Count; i++)
        {
            if (i > 0)
                text.Raw(',');
            text.String(members[i].Name);
            text.Raw(':');
            Write(ref text, json[members[i].Value]);
        }
        text.Raw('}');
    }

    private static void WriteArray(ref JsonOut text, ref Utf8JsonReader reader, ReadOnlySpan<byte> json)
    {
        text.Raw('[');
        for (var first = true; reader.Read() && reader.TokenType != JsonTokenType.EndArray; first = false)
        {
            if (!first)
                text.Raw(',');
            Write(ref text, json[Skip(ref reader)]);
        }
        text.Raw(']');
    }

    private static Range Skip(ref Utf8JsonReader reader)
    {
        var start = (int)reader.TokenStartIndex;
        reader.Skip();
        return start..(int)reader.BytesConsumed;
    }

    private static ReadOnlySpan<byte> Unescaped(ref Utf8JsonReader reader)
    {
        if (!reader.ValueIsEscaped)
            return reader.ValueSpan;
        var bytes = new byte[reader.ValueSpan.Length];
        return bytes.AsSpan(0, reader.CopyString(bytes));
    }
}
