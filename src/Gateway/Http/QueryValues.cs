using System.Globalization;
using OrleansSync.Protocol;

namespace OrleansSync.Gateway.Http;

/// <summary>Single values of the query string; what is there but unreadable or out of range is refused as malformed.</summary>
internal static class QueryValues
{
    /// <summary>The text, null where it is absent; sent twice it means nothing.</summary>
    public static string? Text(HttpContext http, string name)
    {
        if (!http.Request.Query.TryGetValue(name, out var values)) return null;
        return values.Count == 1 ? values[0] : throw Malformed(name, "be given once");
    }

    public static int? Number(HttpContext http, string name, int min, int max)
    {
        if (Text(http, name) is not { } text) return null;
        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= min && number <= max
            ? number
            : throw Malformed(name, $"be a whole number from {min} to {max}");
    }

    public static long? Version(HttpContext http, string name)
    {
        if (Text(http, name) is not { } text) return null;
        return long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= 1
            ? number
            : throw Malformed(name, "be a whole number from 1");
    }

    public static bool Flag(HttpContext http, string name) => Text(http, name) switch
    {
        null or "false" => false,
        "true" or "" => true,
        _ => throw Malformed(name, "be true or false"),
    };

    private static RefusedException Malformed(string name, string must) => new(Codes.Malformed, $"{name} must {must}.");
}
