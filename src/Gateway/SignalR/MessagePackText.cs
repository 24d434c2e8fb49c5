using System.Buffers;
using System.Buffers.Text;
using System.Text.Json;
using MessagePack;
using OrleansSync.Protocol;

namespace OrleansSync.Gateway.SignalR;

/// <summary>
/// The protocol's JSON as MessagePack and back: the same members under the same names, and what users chose as strings of JSON text
/// (<see cref="JsonShape"/>).
/// </summary>
internal static class MessagePackText
{
    /// <summary>Nesting of the protocol's own objects ends long before this.</summary>
    private const int MaxDepth = 16;

    private static readonly JsonReaderOptions AnyDepth = new() { MaxDepth = int.MaxValue };

    /// <summary>Encodes one value, which must be JSON that this process has written.</summary>
    public static byte[] Encode(ReadOnlySpan<byte> json)
    {
        var target = new ArrayBufferWriter<byte>(json.Length + 64);
        var writer = new MessagePackWriter(target);
        var reader = new Utf8JsonReader(json, AnyDepth);
        reader.Read();
        Encode(ref writer, json, ref reader, JsonShape.Words);
        writer.Flush();
        return target.WrittenSpan.ToArray();
    }

    /// <summary>
    /// Decodes one value to JSON, whose names and values are checked by whoever reads it. Throws <see cref="RefusedException"/> (malformed) for
    /// what has no JSON; then the reader stands anywhere.
    /// </summary>
    public static byte[] Decode(ref MessagePackReader reader)
    {
        var target = new ArrayBufferWriter<byte>(256);
        var json = new JsonOut(target);
        Decode(ref json, ref reader, JsonShape.Words, 0);
        json.End();
        return target.WrittenSpan.ToArray();
    }

    private static void Encode(ref MessagePackWriter writer, ReadOnlySpan<byte> json, ref Utf8JsonReader reader, JsonShape shape)
    {
        if (shape == JsonShape.Text)
        {
            var start = (int)reader.TokenStartIndex;
            reader.Skip();
            writer.WriteString(json[start..(int)reader.BytesConsumed]);
            return;
        }
        switch (reader.TokenType)
        {
            case JsonTokenType.StartObject: EncodeObject(ref writer, json, ref reader, shape); break;
            case JsonTokenType.StartArray: EncodeArray(ref writer, json, ref reader, shape); break;
            case JsonTokenType.String: writer.WriteString(Unescaped(ref reader)); break;
            case JsonTokenType.Number when reader.TryGetInt64(out var whole): writer.Write(whole); break;
            case JsonTokenType.Number: writer.Write(reader.GetDouble()); break;
            case JsonTokenType.Null: writer.WriteNil(); break;
            default: writer.Write(reader.TokenType == JsonTokenType.True); break;
        }
    }

    private static void EncodeObject(ref MessagePackWriter writer, ReadOnlySpan<byte> json, ref Utf8JsonReader reader, JsonShape shape)
    {
        writer.WriteMapHeader(Count(reader));
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var name = Unescaped(ref reader);
            writer.WriteString(name);
            reader.Read();
            Encode(ref writer, json, ref reader, JsonShapes.Of(shape, name, reader.TokenType == JsonTokenType.StartObject));
        }
    }

    private static void EncodeArray(ref MessagePackWriter writer, ReadOnlySpan<byte> json, ref Utf8JsonReader reader, JsonShape shape)
    {
        writer.WriteArrayHeader(Count(reader));
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray) Encode(ref writer, json, ref reader, shape);
    }

    /// <summary>MessagePack says first how many there are; the protocol's own nesting is shallow, so looking ahead is cheap.</summary>
    private static int Count(Utf8JsonReader ahead)
    {
        var count = 0;
        while (ahead.Read() && ahead.TokenType is not (JsonTokenType.EndObject or JsonTokenType.EndArray))
        {
            if (ahead.TokenType == JsonTokenType.PropertyName) ahead.Read();
            ahead.Skip();
            count++;
        }
        return count;
    }

    private static ReadOnlySpan<byte> Unescaped(scoped ref Utf8JsonReader reader)
    {
        if (!reader.ValueIsEscaped) return reader.ValueSpan;
        var bytes = new byte[reader.ValueSpan.Length];
        return bytes.AsSpan(0, reader.CopyString(bytes));
    }

    private static void Decode(ref JsonOut json, ref MessagePackReader reader, JsonShape shape, int depth)
    {
        if (depth > MaxDepth) throw Malformed("Nested too deeply.");
        switch (reader.NextMessagePackType)
        {
            case MessagePackType.Map: DecodeMap(ref json, ref reader, shape, depth); break;
            case MessagePackType.Array: DecodeArray(ref json, ref reader, shape, depth); break;
            case MessagePackType.String: json.String(Utf8(ref reader)); break;
            case MessagePackType.Integer: DecodeInteger(ref json, ref reader); break;
            case MessagePackType.Float: DecodeFloat(ref json, reader.ReadDouble()); break;
            case MessagePackType.Boolean: json.Boolean(reader.ReadBoolean()); break;
            case MessagePackType.Nil:
                reader.ReadNil();
                json.Raw("null"u8);
                break;
            default: throw Malformed("Binary and extension values have no place here: timestamps are strings.");
        }
    }

    private static void DecodeMap(ref JsonOut json, ref MessagePackReader reader, JsonShape shape, int depth)
    {
        var count = reader.ReadMapHeader();
        json.Raw('{');
        for (var i = 0; i < count; i++)
        {
            if (i > 0) json.Raw(',');
            if (reader.NextMessagePackType != MessagePackType.String) throw Malformed("Names must be strings.");
            var name = Utf8(ref reader);
            json.String(name);
            json.Raw(':');
            var member = JsonShapes.Of(shape, name, reader.NextMessagePackType == MessagePackType.Map);
            if (member == JsonShape.Text) DecodeText(ref json, ref reader, name);
            else Decode(ref json, ref reader, member, depth + 1);
        }
        json.Raw('}');
    }

    private static void DecodeArray(ref JsonOut json, ref MessagePackReader reader, JsonShape shape, int depth)
    {
        var count = reader.ReadArrayHeader();
        json.Raw('[');
        for (var i = 0; i < count; i++)
        {
            if (i > 0) json.Raw(',');
            Decode(ref json, ref reader, shape, depth + 1);
        }
        json.Raw(']');
    }

    /// <summary>
    /// A string of JSON text becomes that JSON. Bad <c>data</c> stays a string: it is refused where data is read, so that one bad write of a batch
    /// is one bad result.
    /// </summary>
    private static void DecodeText(ref JsonOut json, ref MessagePackReader reader, scoped ReadOnlySpan<byte> name)
    {
        if (reader.TryReadNil())
        {
            json.Raw("null"u8);
            return;
        }
        var isText = reader.NextMessagePackType == MessagePackType.String;
        if (isText && Utf8(ref reader) is var text && IsOneValue(text)) json.Raw(text);
        else if (isText && name.SequenceEqual("data"u8)) json.String("not JSON"u8);
        else throw Malformed($"'{System.Text.Encoding.UTF8.GetString(name)}' must be a string of JSON text.");
    }

    private static bool IsOneValue(ReadOnlySpan<byte> text)
    {
        try
        {
            var reader = new Utf8JsonReader(text, AnyDepth);
            if (!reader.Read()) return false;
            reader.Skip();
            return !reader.Read();
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private static ReadOnlySpan<byte> Utf8(scoped ref MessagePackReader reader)
    {
        if (reader.TryReadStringSpan(out var span)) return span;
        return reader.ReadStringSequence() is { } sequence ? sequence.ToArray() : default(ReadOnlySpan<byte>);
    }

    private static void DecodeInteger(ref JsonOut json, ref MessagePackReader reader)
    {
        // Only a uint64 can be above what a long holds; nothing of the protocol is.
        if (reader.NextCode == MessagePackCode.UInt64 && reader.CreatePeekReader().ReadUInt64() > long.MaxValue)
            throw Malformed("A number is out of range.");
        json.Number(reader.ReadInt64());
    }

    private static void DecodeFloat(ref JsonOut json, double value)
    {
        if (!double.IsFinite(value)) throw Malformed("A number must be finite.");
        Span<byte> text = stackalloc byte[32];
        Utf8Formatter.TryFormat(value, text, out var written);
        json.Raw(text[..written]);
    }

    private static RefusedException Malformed(string detail) => new(Codes.Malformed, detail);
}
