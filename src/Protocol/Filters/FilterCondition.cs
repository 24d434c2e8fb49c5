using System.Text;

namespace OrleansSync.Protocol;

public enum FilterOperator : byte { Eq, Ne, Gt, Gte, Lt, Lte, In, Exists }

/// <summary>One condition of a filter. A store may use it to narrow down what it reads; <see cref="Filter.Matches"/> decides.</summary>
public sealed class FilterCondition
{
    internal FilterCondition(FieldPath? path, FilterOperator @operator, FilterOperand[] operands, bool exists = false)
    {
        Path = path;
        Operator = @operator;
        Operands = operands;
        Exists = exists;
        Keys = [.. operands.Select(operand => operand.Key)];
    }

    /// <summary>What is asked about; null = the record's id.</summary>
    public FieldPath? Path { get; }
    public FilterOperator Operator { get; }

    /// <summary>
    /// The <see cref="SortKey"/> of each operand: any number for <c>in</c>, none for <c>exists</c>, else one. An operand that is an array
    /// or an object has only its rank, so more values share the key than are equal to it.
    /// </summary>
    public IReadOnlyList<byte[]> Keys { get; }

    /// <summary>For <c>exists</c>: whether there must be a value or must be none.</summary>
    public bool Exists { get; }

    internal FilterOperand[] Operands { get; }

    /// <summary>True when a record without a value there cannot meet it.</summary>
    internal bool NeedsValue => Operator != FilterOperator.Ne && (Operator != FilterOperator.Exists || Exists);

    internal bool Holds(FilterValue value) => Operator switch
    {
        FilterOperator.Eq => value.IsEqual(Operands[0]),
        FilterOperator.Ne => !value.IsEqual(Operands[0]),
        FilterOperator.In => IsAny(value),
        FilterOperator.Exists => Exists,
        _ => value.Rank == Operands[0].Rank && IsOrdered(value.CompareTo(Operands[0])),
    };

    private bool IsAny(FilterValue value)
    {
        foreach (var operand in Operands)
        {
            if (value.IsEqual(operand))
                return true;
        }
        return false;
    }

    private bool IsOrdered(int comparison) => Operator switch
    {
        FilterOperator.Gt => comparison > 0,
        FilterOperator.Gte => comparison >= 0,
        FilterOperator.Lt => comparison < 0,
        _ => comparison <= 0,
    };
}

/// <summary>What a condition compares with.</summary>
/// <param name="Key">Its sort key.</param>
/// <param name="Text">Its canonical text; two operands are equal when theirs is.</param>
internal sealed record FilterOperand(byte[] Key, byte[] Text)
{
    public byte Rank => Key[0];

    public static FilterOperand Of(ReadOnlySpan<byte> raw)
    {
        var key = SortKey.Of(raw);
        var text = key[0] == SortKey.Number
            ? Encoding.ASCII.GetBytes(ExactNumber.Read(raw).ToCanonicalText())
            : CanonicalText.Of(raw);
        return new FilterOperand(key, text);
    }
}

/// <summary>A record's value while conditions are asked about it.</summary>
/// <param name="rank">Its rank among the sort keys.</param>
/// <param name="rest">The sort key after the rank; of an array or object the raw text.</param>
internal readonly ref struct FilterValue(byte rank, ReadOnlySpan<byte> rest)
{
    private readonly ReadOnlySpan<byte> _rest = rest;

    public byte Rank { get; } = rank;

    public bool IsEqual(FilterOperand operand) =>
        Rank == operand.Rank
        && (Rank is SortKey.Array or SortKey.Object
            ? CanonicalText.Of(_rest).AsSpan().SequenceEqual(operand.Text)
            : CompareTo(operand) == 0);

    public int CompareTo(FilterOperand operand) => _rest.SequenceCompareTo(operand.Key.AsSpan(1));
}
