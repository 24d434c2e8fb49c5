using System.Text.Json;

namespace OrleansSync.Protocol;

/// <summary>The conditions of a filter by member name, so that one walk over the data meets them all.</summary>
internal sealed class FilterNode(byte[] name)
{
    private readonly List<Numbered> _conditions = [];
    private readonly List<FilterNode> _children = [];

    /// <summary>A condition and its bit.</summary>
    public readonly record struct Numbered(FilterCondition Condition, ulong Bit);

    public IReadOnlyList<FilterNode> Children => _children;

    private ReadOnlySpan<byte> Name => name;

    public void Add(FieldPath path, Numbered condition)
    {
        var node = this;
        foreach (var segment in path.Utf8)
            node = node.Child(segment);
        node._conditions.Add(condition);
    }

    private FilterNode Child(byte[] segment)
    {
        foreach (var child in _children)
        {
            if (child.Name.SequenceEqual(segment))
                return child;
        }
        var added = new FilterNode(segment);
        _children.Add(added);
        return added;
    }

    /// <summary>The child that the reader's member name leads to, if any.</summary>
    public FilterNode? Find(ref Utf8JsonReader reader)
    {
        foreach (var child in _children)
        {
            if (reader.ValueTextEquals(child.Name))
                return child;
        }
        return null;
    }

    /// <summary>Asks all conditions of this node about the value under the reader and marks them as seen.</summary>
    public bool Holds(Utf8JsonReader reader, ReadOnlySpan<byte> data, ref ulong seen)
    {
        if (_conditions.Count == 0)
            return true;

        Span<byte> scratch = stackalloc byte[256];
        var value = ValueOf(reader, data, scratch);
        foreach (var (condition, bit) in _conditions)
        {
            if (!condition.Holds(value))
                return false;
            seen |= bit;
        }
        return true;
    }

    private static FilterValue ValueOf(Utf8JsonReader reader, ReadOnlySpan<byte> data, Span<byte> scratch)
    {
        var rank = SortKey.RankOf(reader.TokenType);
        return rank switch
        {
            SortKey.Number => new(rank, scratch[1..SortKey.WriteNumber(reader.ValueSpan, scratch)]),
            SortKey.String => new(rank, Unescaped(reader, scratch)),
            SortKey.Array or SortKey.Object => new(rank, Raw(reader, data)),
            _ => new(rank, default),
        };
    }

    private static ReadOnlySpan<byte> Unescaped(Utf8JsonReader reader, Span<byte> scratch)
    {
        if (!reader.ValueIsEscaped)
            return reader.ValueSpan;
        var target = reader.ValueSpan.Length <= scratch.Length ? scratch : new byte[reader.ValueSpan.Length];
        return target[..reader.CopyString(target)];
    }

    private static ReadOnlySpan<byte> Raw(Utf8JsonReader reader, ReadOnlySpan<byte> data)
    {
        var start = (int)reader.TokenStartIndex;
        reader.Skip();
        return data[start..(int)reader.BytesConsumed];
    }
}
