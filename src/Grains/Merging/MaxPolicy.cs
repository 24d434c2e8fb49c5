using System.Text;
using System.Text.Json;
using OrleansSync.Protocol;

namespace OrleansSync.Grains.Merging;

/// <summary>The sample of a custom policy: the greater of two numbers or two strings stands; of other values the later.</summary>
public sealed class MaxPolicy : ICustomPolicy
{
    public string Name => "max";

    public JsonElement? Resolve(ContestedPath path)
    {
        var (current, incoming) = (path.Current.Value, path.Incoming.Value);
        if (current is { ValueKind: JsonValueKind.Number or JsonValueKind.String } && incoming?.ValueKind == current.Value.ValueKind)
            return Key(incoming!.Value).AsSpan().SequenceCompareTo(Key(current.Value)) > 0 ? incoming : current;
        return path.Incoming.Timestamp > path.Current.Timestamp ? incoming : current;
    }

    // A sort key orders numbers by value and strings by code point.
    private static byte[] Key(JsonElement value) => SortKey.Of(Encoding.UTF8.GetBytes(value.GetRawText()));
}
