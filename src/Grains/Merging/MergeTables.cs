using System.Buffers;
using System.Buffers.Binary;
using System.Text;
using OrleansSync.Protocol;

namespace OrleansSync.Grains.Merging;

/// <summary>Numbers each text, stamp and change from 1; 0 is none. A stamp is one object wherever it is used.</summary>
internal sealed class MergeTables
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

    public static void Number(ArrayBufferWriter<byte> to, long number)
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

    public static void Text(ArrayBufferWriter<byte> to, string text)
    {
        Number(to, Encoding.UTF8.GetByteCount(text));
        to.Advance(Encoding.UTF8.GetBytes(text, to.GetSpan(Encoding.UTF8.GetMaxByteCount(text.Length))));
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
}
