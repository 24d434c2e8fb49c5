using System.Text;
using System.Text.Json;
using OrleansSync.Protocol;

namespace OrleansSync.Grains.Merging;

internal enum OperationKind : byte { Increment, AddToSet, RemoveFromSet, ServerTime }

/// <summary>A change that is told as what to do with whatever stands, so that it needs no base (protocol §4.4).</summary>
internal sealed record FieldOperation(OperationKind Kind, ReadOnlyMemory<byte> Operand)
{
    /// <summary>The operation that an object in a patch is, or null when it is just an object. Its shape was checked at the edge.</summary>
    public static FieldOperation? Read(Node node)
    {
        if (node.Members.Count != 1 || !node.Members.NameAt(0).StartsWith('$')) return null;
        OperationKind? kind = node.Members.NameAt(0) switch
        {
            "$increment" => OperationKind.Increment,
            "$addToSet" => OperationKind.AddToSet,
            "$removeFromSet" => OperationKind.RemoveFromSet,
            "$serverTime" => OperationKind.ServerTime,
            _ => null,
        };
        return kind is null ? null : new(kind.Value, node.Members.NodeAt(0).Raw);
    }

    /// <summary>The value it leads to from the one that stands (null: none); null when that one is of another type.</summary>
    public byte[]? Apply(ReadOnlyMemory<byte>? current, Timestamp now) => Kind switch
    {
        OperationKind.Increment => ExactDecimal.Sum(current ?? "0"u8.ToArray(), Operand),
        OperationKind.ServerTime => Encoding.UTF8.GetBytes($"\"{now}\""),
        _ => current is { } set && set.Span[0] != '[' ? null : Set(current ?? "[]"u8.ToArray()),
    };

    private byte[] Set(ReadOnlyMemory<byte> current)
    {
        var items = Items(current);
        foreach (var item in Items(Operand))
        {
            var known = items.FindIndex(kept => DataText.AreEqual(kept.Span, item.Span));
            if (Kind == OperationKind.AddToSet && known < 0) items.Add(item);
            if (Kind == OperationKind.RemoveFromSet && known >= 0) items.RemoveAll(kept => DataText.AreEqual(kept.Span, item.Span));
        }

        return [.. "["u8, .. Joined(items), .. "]"u8];
    }

    private static byte[] Joined(List<ReadOnlyMemory<byte>> items)
    {
        var text = new List<byte>();
        foreach (var item in items)
        {
            if (text.Count > 0) text.Add((byte)',');
            text.AddRange(item.Span);
        }

        return [.. text];
    }

    private static List<ReadOnlyMemory<byte>> Items(ReadOnlyMemory<byte> array)
    {
        var items = new List<ReadOnlyMemory<byte>>();
        var reader = new Utf8JsonReader(array.Span);
        reader.Read();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            var start = (int)reader.TokenStartIndex;
            reader.Skip();
            items.Add(array[start..(int)reader.BytesConsumed]);
        }

        return items;
    }
}
