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
        json.Raw('{');
        var others = JsonMembers.Cut(Encoding.UTF8.GetBytes(filter?.Text ?? "{}"));
        foreach (var (key, raw) in others.All)
        {
            if (key == path) continue;
            json.String(key);
            json.Raw(':');
            json.Raw(raw.Span);
            json.Raw(',');
        }
        json.String(path);
        json.Raw(":{"u8);
        if (others.Object(path) is { } own) WriteOperators(ref json, own);
        json.Raw("\"in\":["u8);
        if (MayBe(others, path, user)) json.String(user);
        json.Raw("]}}"u8);
        json.End();
        return Filter.Parse(text.WrittenSpan);
    }

    private static void WriteOperators(ref JsonOut json, JsonMembers operators)
    {
        foreach (var (name, raw) in operators.All)
        {
            if (name == "in") continue;
            json.String(name);
            json.Raw(':');
            json.Raw(raw.Span);
            json.Raw(',');
        }
    }

    private static bool MayBe(JsonMembers filter, string path, string user)
    {
        if (filter.Object(path)?.Elements("in") is not { } allowed) return true;
        foreach (var value in allowed)
        {
            var reader = new Utf8JsonReader(value.Span);
            if (reader.Read() && reader.TokenType == JsonTokenType.String && reader.ValueTextEquals(user)) return true;
        }
        return false;
    }
}
