using OrleansSync.Protocol;

namespace OrleansSync.Gateway.Http;

/// <summary>Which bodies are accepted, and what answers are called.</summary>
internal static class MediaTypes
{
    public const string Json = "application/json";
    public const string MergePatch = "application/merge-patch+json";
    public const string Problem = "application/problem+json";

    public static void RequireJson(HttpRequest request) => Require(request, Json);

    public static void RequirePatch(HttpRequest request) => Require(request, MergePatch, Json);

    private static void Require(HttpRequest request, params ReadOnlySpan<string> accepted)
    {
        var type = request.ContentType.AsSpan();
        var end = type.IndexOf(';');
        var name = (end < 0 ? type : type[..end]).Trim();
        foreach (var one in accepted)
            if (name.Equals(one, StringComparison.OrdinalIgnoreCase) && IsUtf8(end < 0 ? [] : type[(end + 1)..])) return;
        throw new RefusedException(Codes.UnsupportedMediaType,
            $"The body must be {string.Join(" or ", accepted)} in UTF-8: say so in Content-Type.");
    }

    private static bool IsUtf8(ReadOnlySpan<char> parameters)
    {
        const string Charset = "charset=";
        var at = parameters.IndexOf(Charset, StringComparison.OrdinalIgnoreCase);
        if (at < 0) return true;
        var charset = parameters[(at + Charset.Length)..].Trim();
        var end = charset.IndexOf(';');
        charset = (end < 0 ? charset : charset[..end]).Trim().Trim('"');
        return charset.Equals("utf-8", StringComparison.OrdinalIgnoreCase);
    }
}
