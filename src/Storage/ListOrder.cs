using System.Buffers.Binary;
using System.Text;
using OrleansSync.Protocol;

namespace OrleansSync.Storage;

/// <summary>The order of a list as bytes to compare: by the order's key, up or down, then by id, always up.</summary>
internal sealed class ListOrder(RecordOrder order) : IComparer<ListPlace>
{
    public bool Descending => order.Descending;

    public bool ById => order.By == RecordOrder.Id;

    public FieldPath? Path => order.Path;

    /// <summary>The key of a record under this order.</summary>
    public byte[] KeyOf(string id, long version, long timestamp, ReadOnlySpan<byte> data) => order.By switch
    {
        RecordOrder.Id => Encoding.UTF8.GetBytes(id),
        RecordOrder.Version => Number(version),
        RecordOrder.Timestamp => Number(timestamp),
        _ => SortKey.Of(data, order.Path!),
    };

    public int Compare(ListPlace a, ListPlace b)
    {
        var byKey = a.Key.AsSpan().SequenceCompareTo(b.Key);
        if (byKey != 0)
            return order.Descending ? -byKey : byKey;
        return string.CompareOrdinal(a.Id, b.Id);
    }

    private static byte[] Number(long value)
    {
        var key = new byte[sizeof(long)];
        BinaryPrimitives.WriteInt64BigEndian(key, value);
        return key;
    }
}

/// <summary>A record's place in a list.</summary>
/// <param name="Record">The store's own key of the record; not part of the place.</param>
internal readonly record struct ListPlace(byte[] Key, string Id, long Record);
