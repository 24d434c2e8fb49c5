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
    private static Tables? t_tables;

    public static byte[] Write(Node root, Stamp? erased)
    {
        var tables = t_tables ??= new();
        var nodes = tables.Nodes;
        Number(nodes, tables.Of(erased));
        Write(nodes, tables, root);
        var column = tables.Column;
        column.Write([Format]);
        tables.Write(column);
        column.Write(nodes.WrittenSpan);
        var written = column.WrittenSpan.ToArray();
        tables.Clear();
        return written;
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

    /// <summary>Numbers each text, stamp and change from 1; 0 is none. A stamp is one object wherever it is used.</summary>
    private sealed class Tables
    {
        private readonly Numbered<string> _texts = new(StringComparer.Ordinal);
        private readonly Numbered<object> _stamps = new(ReferenceEqualityComparer.Instance);
        private readonly Numbered<object> _changes = new(ReferenceEqualityComparer.Instance);
        private readonly ArrayBufferWriter<byte> _textBytes = new(256);
        private readonly ArrayBufferWriter<byte> _stampBytes = new(256);
        private readonly ArrayBufferWriter<byte> _changeBytes = new(256);

        public ArrayBufferWriter<byte> Nodes { get; } = new(512);
        public ArrayBufferWriter<byte> Column { get; } = new(1024);

        public int Of(Stamp? stamp)
        {
            if (stamp is null) return 0;
            var number = _stamps.Of(stamp, out var isNew);
            if (!isNew) return number;
            Ticks(_stampBytes, stamp.At);
            Number(_stampBytes, Of(stamp.Author));
            Number(_stampBytes, Of(stamp.Client));
            Number(_stampBytes, Of(stamp.Write));
            return number;
        }

        public int Of(ChangeMark? change)
        {
            if (change is null) return 0;
            var number = _changes.Of(change, out var isNew);
            if (!isNew) return number;
            Number(_changeBytes, change.Version);
            Ticks(_changeBytes, change.Sent);
            Number(_changeBytes, Of(change.Author));
            Number(_changeBytes, Of(change.Client));
            return number;
        }

        private int Of(string? text)
        {
            if (text is null) return 0;
            var number = _texts.Of(text, out var isNew);
            if (isNew) Text(_textBytes, text);
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

        public void Clear()
        {
            _texts.Clear();
            _stamps.Clear();
            _changes.Clear();
            foreach (var buffer in (ReadOnlySpan<ArrayBufferWriter<byte>>)[_textBytes, _stampBytes, _changeBytes, Nodes, Column]) buffer.ResetWrittenCount();
        }

        private static void Ticks(ArrayBufferWriter<byte> to, Timestamp at)
        {
            BinaryPrimitives.WriteInt64LittleEndian(to.GetSpan(8), at.Ticks);
            to.Advance(8);
        }
    }

    /// <summary>Gives things numbers in the order they come; a few are looked through, many have a table.</summary>
    private sealed class Numbered<T>(IEqualityComparer<T> comparer) where T : class
    {
        private const int Few = 12;

        private readonly List<T> _things = [];
        private Dictionary<T, int>? _table;

        public int Count => _things.Count;

        public int Of(T thing, out bool isNew)
        {
            var number = Known(thing);
            isNew = number == 0;
            if (!isNew) return number;
            _things.Add(thing);
            if (_table is not null) _table.Add(thing, _things.Count);
            else if (_things.Count > Few) _table = _things.Select((known, place) => (known, place)).ToDictionary(pair => pair.known, pair => pair.place + 1, comparer);
            return _things.Count;
        }

        private int Known(T thing)
        {
            if (_table is not null) return _table.GetValueOrDefault(thing);
            for (var place = _things.Count - 1; place >= 0; place--)
                if (comparer.Equals(_things[place], thing)) return place + 1;
            return 0;
        }

        public void Clear()
        {
            _things.Clear();
            _table = null;
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
