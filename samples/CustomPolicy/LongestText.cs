using System.Text.Json;
using OrleansSync.Grains.Merging;

namespace OrleansSync.CustomPolicy;

/// <summary>Of two texts that were written at the same time the longer one stands, so that nobody's notes are lost to a shorter version of them.</summary>
internal sealed class LongestText : ICustomPolicy
{
    public string Name => "longest";

    public JsonElement? Resolve(ContestedPath path)
    {
        var (current, incoming) = (path.Current, path.Incoming);
        var more = Length(incoming) - Length(current);
        // Also what is equally long, or no text at all, needs an answer: the later one.
        var takesIncoming = more != 0 ? more > 0 : incoming.Timestamp > current.Timestamp;
        return takesIncoming ? incoming.Value : current.Value;
    }

    private static int Length(ContestedValue value) => value.Value is { ValueKind: JsonValueKind.String } text ? text.GetString()!.Length : -1;
}
