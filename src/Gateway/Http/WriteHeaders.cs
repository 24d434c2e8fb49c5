using System.Globalization;
using OrleansSync.Protocol;

namespace OrleansSync.Gateway.Http;

/// <summary>What the headers of a write say beside its body (protocol §3).</summary>
internal readonly record struct WriteHeaders(string? Id, Precondition Precondition, long? Base, Timestamp? Timestamp, string? Client)
{
    public static WriteHeaders Read(IHeaderDictionary headers) => new(
        Name(headers, "Idempotency-Key"),
        PreconditionOf(headers),
        BaseOf(headers),
        TimestampOf(headers),
        ClientOf(headers));

    /// <summary>The device or tab that asks, if it says so.</summary>
    public static string? ClientOf(IHeaderDictionary headers) => Name(headers, "Sync-Client");

    private static string? Name(IHeaderDictionary headers, string header)
    {
        if (!headers.TryGetValue(header, out var values)) return null;
        var text = values.ToString();
        return Names.IsId(text)
            ? text
            : throw new RefusedException(Codes.InvalidName, $"{header} must be 1–{Names.MaxIdLength} characters of A–Z a–z 0–9 - _ . ~ : @.");
    }

    /// <summary>
    /// If-Match and If-None-Match are promises to the client, so what cannot be read as one of the three known forms, or both at once in
    /// contradiction, is a condition that never holds rather than none.
    /// </summary>
    private static Precondition PreconditionOf(IHeaderDictionary headers)
    {
        var match = headers.IfMatch;
        var noneMatch = headers.IfNoneMatch;
        if (match.Count == 0 && noneMatch.Count == 0) return Precondition.None;
        if (match.Count > 0 && noneMatch.Count > 0) return new(PreconditionKind.Never);
        if (noneMatch.Count > 0) return new(noneMatch.ToString().AsSpan().Trim() is "*" ? PreconditionKind.NotLive : PreconditionKind.Never);

        var tag = match.ToString().AsSpan().Trim();
        if (tag is "*") return new(PreconditionKind.Live);
        return EntityTags.Version(tag) is { } version ? new(PreconditionKind.Version, version) : new(PreconditionKind.Never);
    }

    private static long? BaseOf(IHeaderDictionary headers)
    {
        if (!headers.TryGetValue("Sync-Base", out var values)) return null;
        return long.TryParse(values.ToString(), NumberStyles.None, CultureInfo.InvariantCulture, out var version)
            ? version
            : throw new RefusedException(Codes.Malformed, "Sync-Base must be the version that the client was looking at, a whole number from 0.");
    }

    private static Timestamp? TimestampOf(IHeaderDictionary headers)
    {
        if (!headers.TryGetValue("Sync-Timestamp", out var values)) return null;
        return Protocol.Timestamp.TryParse(values.ToString(), out var timestamp)
            ? timestamp
            : throw new RefusedException(Codes.Malformed, "Sync-Timestamp must be an RFC 3339 instant such as 2026-11-24T05:35:12.1234567Z.");
    }
}
