using System.Buffers;
using System.Text;
using System.Text.Json;
using OrleansSync.Protocol;

namespace OrleansSync.Gateway.Access;

/// <summary>The field that names whose a record is: asked of one record, and added to the filter of a list.</summary>
internal static class OwnerField
{
    /// <summary>Whether the field at the path names this user. A record without it is nobody's.</summary>
    public static bool Names(ReadOnlySpan<byte> data, string path, string user)
    {
        if (!FieldPath.Parse(path).TryFind(data, out var value)) return false;
        var reader = new Utf8JsonReader(value);
        return reader.Read() && reader.TokenType == JsonTokenType.String && reader.ValueTextEquals(user);
    }

    /// <summary>
    /// The filter that also asks for the user's own records. What the filter already says of the field goes on holding beside it: its
    /// <c>in</c> can only become narrower.
    /// </summary>
    public static Filter Narrow(Filter? filter, string path, string user)
    {
        var text = new ArrayBufferWriter<byte>();
        var json = new JsonOut(text);
        var own = default(ReadOnlyMemory<byte>);
        json.Raw('{');
        foreach (var (key, raw) in JsonMembers.Cut(Encoding.UTF8.GetBytes(filter?.Text ?? "{}")).All)
        {
            if (key == path) own = raw;
            else Member(ref json, key, raw.Span);
        }
        json.String(path);
        json.Raw(":{"u8);
        var operators = own.IsEmpty ? [] : own.Span[0] == '{' ? JsonMembers.Cut(own).All : [new("eq", own)];
        foreach (var (name, raw) in operators)
            if (name != "in") Member(ref json, name, raw.Span);
        json.Raw("\"in\":["u8);
        if (MayBe(own, user)) json.String(user);
        json.Raw("]}}"u8);
        json.End();
        return Filter.Parse(text.WrittenSpan);
    }

    private static void Member(ref JsonOut json, string name, ReadOnlySpan<byte> raw)
    {
        json.String(name);
        json.Raw(':');
        json.Raw(raw);
        json.Raw(',');
    }

    /// <summary>False where the filter's own <c>in</c> leaves the user out.</summary>
    private static bool MayBe(ReadOnlyMemory<byte> own, string user)
    {
        if (own.IsEmpty || own.Span[0] != '{' || JsonMembers.Cut(own).Elements("in") is not { } allowed) return true;
        foreach (var value in allowed)
        {
            var reader = new Utf8JsonReader(value.Span);
            if (reader.Read() && reader.TokenType == JsonTokenType.String && reader.ValueTextEquals(user)) return true;
        }
        return false;
    }
}
