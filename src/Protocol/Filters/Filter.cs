using System.Numerics;
using System.Text;
using System.Text.Json;

namespace OrleansSync.Protocol;

/// <summary>A condition on records: a JSON object whose members all must hold (protocol §3).</summary>
public sealed class Filter
{
    /// <summary>Most conditions in one filter.</summary>
    public const int MaxConditions = 64;

    /// <summary>Longest text of a filter, in bytes.</summary>
    public const int MaxBytes = 16 * 1024;

    private readonly FilterNode _root = new([]);
    private readonly FilterCondition[] _conditions;
    private readonly ulong _all;
    private readonly ulong _needed;

    private Filter(FilterCondition[] conditions)
    {
        _conditions = conditions;
        Text = FilterText.Write(conditions);
        for (var i = 0; i < conditions.Length; i++)
        {
            if (conditions[i].Path is not { } path)
                continue;
            _root.Add(path, new(conditions[i], 1UL << i));
            _all |= 1UL << i;
            if (conditions[i].NeedsValue)
                _needed |= 1UL << i;
        }
    }

    /// <summary>The canonical text: equal filters have equal texts, and it is a filter itself.</summary>
    public string Text { get; }

    /// <summary>All conditions, each of which must hold.</summary>
    public IReadOnlyList<FilterCondition> Conditions => _conditions;

    /// <summary>Reads a filter; throws <see cref="RefusedException"/> (malformed) where it is none.</summary>
    public static Filter Parse(ReadOnlySpan<byte> json) => new(FilterText.Read(json));

    /// <summary>Whether a record with this id and data (a JSON object, as kept) meets it.</summary>
    public bool Matches(string id, ReadOnlySpan<byte> data)
    {
        if (!IdMatches(id))
            return false;

        var reader = new Utf8JsonReader(data);
        reader.Read();
        var seen = 0UL;
        return Visit(_root, ref reader, data, ref seen) && (seen & _needed) == _needed;
    }

    private bool IdMatches(string id)
    {
        if (BitOperations.PopCount(_all) == _conditions.Length)
            return true;

        Span<byte> utf8 = stackalloc byte[Names.MaxIdLength];
        var value = new FilterValue(SortKey.String, utf8[..Encoding.UTF8.GetBytes(id, utf8)]);
        foreach (var condition in _conditions)
        {
            if (condition.Path is null && !condition.Holds(value))
                return false;
        }
        return true;
    }

    // The reader stands on the value of the node. False as soon as a condition does not hold.
    private bool Visit(FilterNode node, ref Utf8JsonReader reader, ReadOnlySpan<byte> data, ref ulong seen)
    {
        if (!node.Holds(reader, data, ref seen))
            return false;
        if (node.Children.Count == 0 || reader.TokenType != JsonTokenType.StartObject)
        {
            reader.Skip();
            return true;
        }

        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var child = node.Find(ref reader);
            reader.Read();
            if (child is null)
                reader.Skip();
            else if (!Visit(child, ref reader, data, ref seen))
                return false;
            else if (seen == _all)
                return true;
        }
        return true;
    }
}
