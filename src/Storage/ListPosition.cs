using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using OrleansSync.Protocol;

namespace OrleansSync.Storage;

/// <summary>
/// Where a page of a list ended: the order's key of its last record, and that record's id. Written it is the <c>next</c> of a page: opaque,
/// of bounded length, and good only for the same list.
/// </summary>
/// <param name="Key">The order-preserving key; only its beginning when <paramref name="Cut"/>.</param>
/// <param name="Cut">The key was too long to be carried: where it stood must be looked up by the id.</param>
internal sealed record ListPosition(byte[] Key, string Id, bool Cut)
{
    /// <summary>Longest key that is carried whole.</summary>
    public const int LongestKey = 256;

    private const byte Format = 1;
    private const int LongestToken = 2_000;

    public static ListPosition Of(byte[] key, string id) =>
        key.Length <= LongestKey ? new(key, id, false) : new(key[..LongestKey], id, true);

    public string Write(RecordQuery query)
    {
        var column = new ColumnWriter();
        column.Byte(Format);
        column.Fixed(Binding(query));
        column.Byte(Cut ? (byte)1 : (byte)0);
        column.Text(Id);
        column.Bytes(Key);
        return Base64Url.EncodeToString(column.Written);
    }

    /// <summary>Reads the <c>after</c> of a query; null when it asks for the first page. Throws <see cref="RefusedException"/> (malformed).</summary>
    public static ListPosition? Read(RecordQuery query)
    {
        if (query.After is not { } token)
            return null;
        try
        {
            if (token.Length is > 0 and <= LongestToken && ReadToken(Base64Url.DecodeFromChars(token), query) is { } position)
                return position;
        }
        catch (Exception failure) when (failure is FormatException or ArgumentException or IndexOutOfRangeException)
        {
            // Not what Write wrote: answered below.
        }
        throw new RefusedException(
            Codes.Malformed, "The 'after' of the list is not the 'next' of a page of the same list, filter and order: begin again without it.");
    }

    private static ListPosition? ReadToken(byte[] bytes, RecordQuery query)
    {
        var reader = new ColumnReader(bytes);
        if (reader.Byte() != Format || reader.Fixed() != Binding(query))
            return null;
        var cut = reader.Byte() == 1;
        return reader.Text() is { } id && Names.IsRecordId(id) && reader.Bytes() is { } key && key.Length <= LongestKey
            ? new(key, id, cut)
            : null;
    }

    private static long Binding(RecordQuery query)
    {
        var (order, list) = (query.Order, query.ConflictsOnly ? $"conflicts of {query.Collection}" : query.Collection);
        var bound = Encoding.UTF8.GetBytes($"{list}\n{order.By}\n{order.Descending}\n{query.Filter?.Text}");
        return BitConverter.ToInt64(SHA256.HashData(bound));
    }
}
