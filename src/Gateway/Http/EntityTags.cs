using System.Globalization;
using Microsoft.Extensions.Primitives;

namespace OrleansSync.Gateway.Http;

/// <summary>Entity tags: <c>"7"</c> for a record's version, and how If-None-Match is read by a GET.</summary>
internal static class EntityTags
{
    public static string Of(long version) => string.Create(CultureInfo.InvariantCulture, $"\"{version}\"");

    /// <summary>Whether the client already has this: for reading, weak tags count too (RFC 9110, 13.1.2).</summary>
    public static bool Has(StringValues ifNoneMatch, string tag)
    {
        foreach (var header in ifNoneMatch)
            foreach (var range in (header ?? "").AsSpan().Split(','))
                if (Matches(header.AsSpan()[range].Trim(), tag)) return true;
        return false;
    }

    /// <summary>The version of a strong tag such as <c>"7"</c>, written exactly as the server writes it; null for anything else.</summary>
    public static long? Version(ReadOnlySpan<char> tag)
    {
        if (tag.Length < 3 || tag[0] != '"' || tag[^1] != '"') return null;
        var digits = tag[1..^1];
        return digits[0] is >= '1' and <= '9' && long.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var version)
            ? version
            : null;
    }

    private static bool Matches(ReadOnlySpan<char> sent, string tag)
    {
        if (sent is "*") return true;
        if (sent.StartsWith("W/")) sent = sent[2..];
        return sent.SequenceEqual(tag);
    }
}
