using OrleansSync.Protocol;

namespace OrleansSync.Storage;

/// <summary>How a list is read: which candidates are looked at, in which order. Whether each is in the list, the filter still decides.</summary>
internal abstract record ListPlan
{
    /// <summary>All records, by id.</summary>
    public sealed record Scan : ListPlan;

    /// <summary>The records with an open conflict, by id: few, whatever else is asked of them.</summary>
    public sealed record Conflicts : ListPlan;

    /// <summary>The records whose indexed value lies in a range, by that value.</summary>
    public sealed record Walk(FieldPath Path, KeyRange Range) : ListPlan;

    /// <summary>The records whose indexed value is one of some, by id within each.</summary>
    public sealed record Keys(FieldPath Path, IReadOnlyList<byte[]> Values) : ListPlan;

    /// <summary>True when the candidates come in the order of the list, so that a page needs no more of them than it shows.</summary>
    public bool IsOrdered(ListOrder order) => this switch
    {
        Scan or Conflicts => order.ById,
        Keys keys => order.ById && keys.Values.Count <= 1,
        Walk walk => walk.Path.Equals(order.Path),
        _ => false,
    };

    /// <param name="indexed">The paths with a complete index.</param>
    public static ListPlan Of(RecordQuery query, ListOrder order, IReadOnlyCollection<FieldPath> indexed)
    {
        if (query.ConflictsOnly)
            return new Conflicts();
        var conditions = (query.Filter?.Conditions ?? []).Where(condition => condition.Path is { } path && indexed.Contains(path)).ToList();
        if (order.Path is { } ordered && indexed.Contains(ordered))
            return new Walk(ordered, KeyRange.Of(conditions.Where(condition => ordered.Equals(condition.Path))));

        var equal = conditions.FirstOrDefault(condition => condition.Operator == FilterOperator.Eq)
            ?? conditions.FirstOrDefault(condition => condition.Operator == FilterOperator.In);
        if (equal is not null)
            return new Keys(equal.Path!, Distinct(equal.Keys));
        if (conditions.FirstOrDefault(condition => KeyRange.Narrows(condition)) is { } range)
            return new Walk(range.Path!, KeyRange.Of(conditions.Where(condition => range.Path!.Equals(condition.Path))));
        return new Scan();
    }

    // Arrays and objects share keys: a key that is walked twice would list its records twice.
    private static List<byte[]> Distinct(IReadOnlyList<byte[]> keys)
    {
        var distinct = new List<byte[]>(keys.Count);
        foreach (var key in keys)
            if (!distinct.Any(known => known.AsSpan().SequenceEqual(key)))
                distinct.Add(key);
        return distinct;
    }
}

/// <summary>Sort keys from one on, up to but not with another.</summary>
internal readonly record struct KeyRange(byte[] From, byte[] To)
{
    public static readonly KeyRange All = new([0x00], [0xff]);

    /// <summary>True for conditions that leave out a part of the index.</summary>
    public static bool Narrows(FilterCondition condition) => OfOne(condition) is not null;

    /// <summary>Where all of the conditions, which are on one path, can hold.</summary>
    public static KeyRange Of(IEnumerable<FilterCondition> conditions)
    {
        var range = All;
        foreach (var condition in conditions)
        {
            if (OfOne(condition) is not { } one)
                continue;
            range = new(
                range.From.AsSpan().SequenceCompareTo(one.From) < 0 ? one.From : range.From,
                range.To.AsSpan().SequenceCompareTo(one.To) > 0 ? one.To : range.To);
        }
        return range;
    }

    private static KeyRange? OfOne(FilterCondition condition)
    {
        if (condition.Operator == FilterOperator.Exists)
            return condition.Exists ? new([SortKey.Missing + 1], [0xff]) : new([SortKey.Missing], [SortKey.Missing + 1]);
        if (condition.Keys.Count != 1)
            return null;
        var key = condition.Keys[0];
        return condition.Operator switch
        {
            FilterOperator.Eq or FilterOperator.In => new(key, Past(key)),
            FilterOperator.Gt => new(Past(key), [(byte)(key[0] + 1)]),
            FilterOperator.Gte => new(key, [(byte)(key[0] + 1)]),
            FilterOperator.Lt => new([key[0]], key),
            FilterOperator.Lte => new([key[0]], Past(key)),
            _ => null,
        };
    }

    /// <summary>The next key there could be.</summary>
    private static byte[] Past(byte[] key) => [.. key, 0];
}
