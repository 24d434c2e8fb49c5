using System.Buffers;
using System.Buffers.Binary;
using System.Text;
using OrleansSync.Protocol;

namespace OrleansSync.Grains.Merging;

/// <summary>
/// The marks of a record's nodes as the store keeps them beside the data: a format byte, tables of texts, stamps and changes, then one to
/// three small numbers a node along the data's members, and the remembered removals by name and place.
/// </summary>
internal static class MergeColumn
{
    private const byte Format = 1;

    // One a thread, used again for every write: what is written is small and copied out.
    [ThreadStatic]
    private static MergeTables? t_tables;

    public static byte[] Write(Node root, Stamp? erased)
    {
        var tables = t_tables ??= new();
        var nodes = tables.Nodes;
        MergeTables.Number(nodes, tables.Of(erased));
        Write(nodes, tables, root);
        var column = tables.Column;
        column.Write([Format]);
        tables.Write(column);
        column.Write(nodes.WrittenSpan);
        var written = column.WrittenSpan.ToArray();
        tables.Clear();
        return written;
    }

    private static void Write(ArrayBufferWriter<byte> to, MergeTables tables, Node node)
    {
        MergeTables.Number(to, tables.Of(node.Wiped));
        MergeTables.Number(to, tables.Of(node.Changed));
        if (!node.IsObject) return;
        MergeTables.Number(to, tables.Of(node.Ensured));
        for (var place = 0; place < node.Members.Count; place++)
            if (!node.Members.NodeAt(place).IsAbsent) Write(to, tables, node.Members.NodeAt(place));
        MergeTables.Number(to, node.Members.Count - node.Members.Present);
        for (var place = 0; place < node.Members.Count; place++)
            if (node.Members.NodeAt(place) is { IsAbsent: true } removal)
            {
                MergeTables.Number(to, place);
                MergeTables.Text(to, node.Members.NameAt(place));
                Write(to, tables, removal);
            }
    }

    /// <param name="data">The bare nodes of the data that the column belongs to.</param>
    public static (Node Root, Stamp? Erased) Read(byte[] column, Node data)
    {
        if (column[0] != Format) throw new InvalidDataException($"Merge column format {column[0]} is not known.");
        var reader = new Reader(column);
        reader.ReadTables();
        var erased = reader.Stamp();
        return (Read(ref reader, data), erased);
    }

    private static Node Read(ref Reader reader, Node bare)
    {
        var wiped = reader.Stamp();
        var changed = reader.Change();
        if (!bare.IsObject) return new() { Kind = bare.Kind, Raw = bare.Raw, Wiped = wiped, Changed = changed };

        var ensured = reader.Stamp();
        var names = new List<string>(bare.Members.Count);
        var nodes = new List<Node>(bare.Members.Count);
        for (var place = 0; place < bare.Members.Count; place++)
        {
            names.Add(bare.Members.NameAt(place));
            nodes.Add(Read(ref reader, bare.Members.NodeAt(place)));
        }

        for (var removals = reader.Number(); removals > 0; removals--)
        {
            // Each in its place among the others: a name that comes back then comes back where it was.
            var place = (int)reader.Number();
            names.Insert(place, reader.Text());
            nodes.Insert(place, new() { Kind = NodeKind.Absent, Wiped = reader.Stamp(), Changed = reader.Change() });
        }

        return new()
        {
            Kind = NodeKind.Object,
            Members = names.Count == 0 ? Members.None : new([.. names], [.. nodes]),
            Wiped = wiped,
            Ensured = ensured,
            Changed = changed,
        };
    }

    private ref struct Reader(ReadOnlySpan<byte> column)
    {
        private readonly ReadOnlySpan<byte> _column = column;
        private int _at = 1;
        private string[] _texts = [];
        private Stamp[] _stamps = [];
        private ChangeMark[] _changes = [];

        public void ReadTables()
        {
            _texts = new string[Number()];
            for (var i = 0; i < _texts.Length; i++) _texts[i] = Text();
            _stamps = new Stamp[Number()];
            for (var i = 0; i < _stamps.Length; i++) _stamps[i] = new(Ticks(), Known()!, Known(), Known());
            _changes = new ChangeMark[Number()];
            for (var i = 0; i < _changes.Length; i++)
            {
                var version = Number();
                var sent = Ticks();
                _changes[i] = new(version, Known()!, Known(), sent);
            }
        }

        public Stamp? Stamp() => Number() is > 0 and var number ? _stamps[number - 1] : null;

        public ChangeMark? Change() => Number() is > 0 and var number ? _changes[number - 1] : null;

        public string Text()
        {
            var length = (int)Number();
            var text = Encoding.UTF8.GetString(_column.Slice(_at, length));
            _at += length;
            return text;
        }

        public long Number()
        {
            ulong number = 0;
            for (var shift = 0; ; shift += 7)
            {
                var part = _column[_at++];
                number |= (ulong)(part & 0x7F) << shift;
                if (part < 0x80) return (long)number;
            }
        }

        private string? Known() => Number() is > 0 and var number ? _texts[number - 1] : null;

        private Timestamp Ticks()
        {
            var ticks = BinaryPrimitives.ReadInt64LittleEndian(_column[_at..]);
            _at += 8;
            return new(ticks);
        }
    }
}
