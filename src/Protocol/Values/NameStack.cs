using System.Buffers;
using System.Text.Json;

namespace OrleansSync.Protocol;

/// <summary>The member names of all objects open at a point of a JSON text, unescaped, to find those that come twice.</summary>
internal struct NameStack()
{
    private const int FewNames = 12;

    private byte[] _bytes = ArrayPool<byte>.Shared.Rent(256);
    private Range[] _names = ArrayPool<Range>.Shared.Rent(32);
    private int _used;
    private int _count;

    /// <summary>Where an object's names begin.</summary>
    public readonly record struct Place(int Used, int Count);

    public readonly Place Mark() => new(_used, _count);

    public readonly void Dispose()
    {
        ArrayPool<byte>.Shared.Return(_bytes);
        ArrayPool<Range>.Shared.Return(_names);
    }

    /// <summary>Adds a name as it stands between its quotation marks, its escapes checked; returns it unescaped.</summary>
    public ReadOnlySpan<byte> Add(ReadOnlySpan<byte> raw)
    {
        Grow(ref _bytes, _used, raw.Length);
        Grow(ref _names, _count, 1);
        var length = Unescape(raw, _bytes.AsSpan(_used));
        _names[_count++] = new Range(_used, _used + length);
        _used += length;
        return _bytes.AsSpan(_used - length, length);
    }

    /// <summary>Forgets the names of the innermost object; true when it had one twice.</summary>
    public bool CloseObject(Place start)
    {
        var names = _names.AsSpan(start.Count, _count - start.Count);
        var twice = names.Length > FewNames ? HasTwiceOfMany(names, _bytes) : HasTwiceOfFew(names, _bytes);
        (_used, _count) = (start.Used, start.Count);
        return twice;
    }

    private static int Unescape(ReadOnlySpan<byte> raw, Span<byte> target)
    {
        if (!raw.Contains((byte)'\\'))
        {
            raw.CopyTo(target);
            return raw.Length;
        }

        var quoted = new byte[raw.Length + 2];
        quoted[0] = quoted[^1] = (byte)'"';
        raw.CopyTo(quoted.AsSpan(1));
        var reader = new Utf8JsonReader(quoted);
        reader.Read();
        return reader.CopyString(target);
    }

    private static bool HasTwiceOfFew(ReadOnlySpan<Range> names, ReadOnlySpan<byte> bytes)
    {
        for (var i = 1; i < names.Length; i++)
        {
            for (var k = 0; k < i; k++)
            {
                if (bytes[names[i]].SequenceEqual(bytes[names[k]]))
                    return true;
            }
        }
        return false;
    }

    // Sorting bounds the cost for any choice of names, which a hash would not.
    private static bool HasTwiceOfMany(Span<Range> names, byte[] bytes)
    {
        names.Sort((a, b) => bytes.AsSpan(a).SequenceCompareTo(bytes.AsSpan(b)));
        for (var i = 1; i < names.Length; i++)
        {
            if (bytes.AsSpan(names[i]).SequenceEqual(bytes.AsSpan(names[i - 1])))
                return true;
        }
        return false;
    }

    private static void Grow<T>(ref T[] array, int used, int more)
    {
        if (array.Length - used >= more)
            return;
        var larger = ArrayPool<T>.Shared.Rent(Math.Max(used + more, array.Length * 2));
        array.AsSpan(0, used).CopyTo(larger);
        ArrayPool<T>.Shared.Return(array);
        array = larger;
    }
}
