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

    public static byte[] Write(Node root, Stamp? erased)
    {
        var tables = new Tables();
        var nodes = new ArrayBufferWriter<byte>(256);
        Number(nodes, tables.Of(erased));
        Write(nodes, tables, root);

        var column = new ArrayBufferWriter<byte>(256 + nodes.WrittenCount);
        column.Write([Format]);
        tables.Write(column);
        column.Write(nodes.WrittenSpan);
        return column.WrittenSpan.ToArray();
    }

    private static void Write(ArrayBufferWriter<byte> to, Tables tables, Node node)
    {
        Number(to, tables.Of(node.Wiped));
        Number(to, tables.Of(node.Changed));
        if (!node.IsObject) return;
        Number(to, tables.Of(node.Ensured));
        for (var place = 0; place < node.Members.Count; place++)
            if (!node.Members.NodeAt(place).IsAbsent) Write(to, tables, node.Members.NodeAt(place));
        Number(to, node.Members.Count - node.Members.Present);
        for (var place = 0; place < node.Members.Count; place++)
            if (node.Members.NodeAt(place) is { IsAbsent: true } removal)
            {
                Number(to, place);
                Text(to, node.Members.NameAt(place));
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

    private static void Number(ArrayBufferWriter<byte> to, long number)
    {
        var span = to.GetSpan(10);
        var used = 0;
        for (var rest = (ulong)number; ; rest >>= 7)
        {
            span[used++] = (byte)(rest > 0x7F ? rest | 0x80 : rest);
            if (rest <= 0x7F) break;
        }

        to.Advance(used);
    }

    private static void Text(ArrayBufferWriter<byte> to, string text)
    {
        Number(to, Encoding.UTF8.GetByteCount(text));
        to.Advance(Encoding.UTF8.GetBytes(text, to.GetSpan(Encoding.UTF8.GetMaxByteCount(text.Length))));
    }

    /// <summary>Numbers each distinct text, stamp and change from 1; 0 is none.</summary>
    private sealed class Tables
    {
        private readonly Dictionary<string, int> _texts = [];
        private readonly Dictionary<Stamp, int> _stamps = [];
        private readonly Dictionary<ChangeMark, int> _changes = [];
        private readonly ArrayBufferWriter<byte> _textBytes = new(64);
        private readonly ArrayBufferWriter<byte> _stampBytes = new(64);
        private readonly ArrayBufferWriter<byte> _changeBytes = new(64);
        private Stamp? _lastStamp;
        private ChangeMark? _lastChange;
        private int _lastStampNumber;
        private int _lastChangeNumber;

        public int Of(Stamp? stamp)
        {
            if (stamp is null) return 0;
            if (ReferenceEquals(stamp, _lastStamp)) return _lastStampNumber;
            if (!_stamps.TryGetValue(stamp, out var number))
            {
                _stamps.Add(stamp, number = _stamps.Count + 1);
                Ticks(_stampBytes, stamp.At);
                Number(_stampBytes, Of(stamp.Author));
                Number(_stampBytes, Of(stamp.Client));
                Number(_stampBytes, Of(stamp.Write));
            }

            (_lastStamp, _lastStampNumber) = (stamp, number);
            return number;
        }

        public int Of(ChangeMark? change)
        {
            if (change is null) return 0;
            if (ReferenceEquals(change, _lastChange)) return _lastChangeNumber;
            if (!_changes.TryGetValue(change, out var number))
            {
                _changes.Add(change, number = _changes.Count + 1);
                Number(_changeBytes, change.Version);
                Ticks(_changeBytes, change.Sent);
                Number(_changeBytes, Of(change.Author));
                Number(_changeBytes, Of(change.Client));
            }

            (_lastChange, _lastChangeNumber) = (change, number);
            return number;
        }

        private int Of(string? text)
        {
            if (text is null) return 0;
            if (_texts.TryGetValue(text, out var number)) return number;
            _texts.Add(text, number = _texts.Count + 1);
            Text(_textBytes, text);
            return number;
        }

        public void Write(ArrayBufferWriter<byte> to)
        {
            Number(to, _texts.Count);
            to.Write(_textBytes.WrittenSpan);
            Number(to, _stamps.Count);
            to.Write(_stampBytes.WrittenSpan);
            Number(to, _changes.Count);
            to.Write(_changeBytes.WrittenSpan);
        }

        private static void Ticks(ArrayBufferWriter<byte> to, Timestamp at)
        {
            BinaryPrimitives.WriteInt64LittleEndian(to.GetSpan(8), at.Ticks);
            to.Advance(8);
        }
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
