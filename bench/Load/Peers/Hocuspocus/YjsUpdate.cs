using System.Buffers;
using System.Text;

namespace OrleansSync.Load.Peers;

/// <summary>Where an item of a Yjs document comes from: the client that made it, and which of its items it is.</summary>
internal readonly record struct YjsId(uint Client, uint Clock);

/// <summary>A Yjs update, version 1, that sets a key of the map <c>records</c> to a text.</summary>
internal static class YjsUpdate
{
    public const byte Any = 8;
    public const byte HasOrigin = 0x80;
    public const byte HasRightOrigin = 0x40;
    public const byte HasKey = 0x20;
    public const byte Text = 119;

    public static readonly byte[] Map = "records"u8.ToArray();

    /// <param name="replaces">The item that holds the key now; null = it was never set, as far as the client knows.</param>
    public static void Write(IBufferWriter<byte> to, YjsId id, YjsId? replaces, ReadOnlySpan<byte> key, ReadOnlySpan<byte> text)
    {
        // One client with one item, from that clock on.
        to.VarUint(1);
        to.VarUint(1);
        to.VarUint(id.Client);
        to.VarUint(id.Clock);
        if (replaces is { } origin)
        {
            // Key and map are those of the item that is replaced.
            to.Write<byte>([Any | HasOrigin | HasKey]);
            to.VarUint(origin.Client);
            to.VarUint(origin.Clock);
        }
        else
        {
            to.Write<byte>([Any | HasKey]);
            to.VarUint(1);
            to.VarBytes(Map);
            to.VarBytes(key);
        }

        to.VarUint(1);
        to.Write<byte>([Text]);
        to.VarBytes(text);

        // A client deletes what it replaces.
        if (replaces is not { } gone) to.VarUint(0);
        else
        {
            to.VarUint(1);
            to.VarUint(gone.Client);
            to.VarUint(1);
            to.VarUint(gone.Clock);
            to.VarUint(1);
        }
    }

    /// <summary>Each text that an update sets and does not delete, with its item.</summary>
    public static List<(YjsId Id, string Text)> Texts(ReadOnlySpan<byte> update)
    {
        var texts = new List<(YjsId Id, string Text)>();
        var reader = new VarReader(update);
        for (var clients = reader.Uint(); clients > 0; clients--)
        {
            var items = reader.Uint();
            var client = (uint)reader.Uint();
            var clock = (uint)reader.Uint();
            for (; items > 0; items--) clock += Item(ref reader, new(client, clock), texts);
        }

        // Then what it deletes: for each client ranges of items.
        for (var clients = reader.Uint(); clients > 0; clients--)
        {
            var client = reader.Uint();
            for (var ranges = reader.Uint(); ranges > 0; ranges--)
            {
                var (from, length) = (reader.Uint(), reader.Uint());
                texts.RemoveAll(text => text.Id.Client == client && text.Id.Clock >= from && text.Id.Clock < from + length);
            }
        }

        return texts;
    }

    private static uint Item(ref VarReader reader, YjsId id, List<(YjsId Id, string Text)> texts)
    {
        var info = reader.Byte();
        var kind = info & 0x1f;
        // Collected and skipped items have a length alone.
        if (kind is 0 or 10) return (uint)reader.Uint();
        if ((info & HasOrigin) != 0) Id(ref reader);
        if ((info & HasRightOrigin) != 0) Id(ref reader);
        if ((info & (HasOrigin | HasRightOrigin)) == 0)
        {
            if (reader.Uint() == 1) reader.Bytes();
            else Id(ref reader);
            if ((info & HasKey) != 0) reader.Bytes();
        }

        if (kind == 1) return (uint)reader.Uint();
        if (kind != Any) throw new InvalidOperationException($"A Yjs item of kind {kind} is none of this generator's.");
        var count = (uint)reader.Uint();
        for (var i = 0; i < count; i++)
        {
            if (reader.Byte() != Text) throw new InvalidOperationException("A Yjs value that is no text is none of this generator's.");
            texts.Add((id with { Clock = id.Clock + (uint)i }, Encoding.UTF8.GetString(reader.Bytes())));
        }

        return count;
    }

    private static YjsId Id(ref VarReader reader) => new((uint)reader.Uint(), (uint)reader.Uint());
}
