using System.Buffers;
using System.Text;

namespace OrleansSync.Protocol;

/// <summary>Filters as text: reads what users write, and writes the one text that equal filters share.</summary>
internal static class FilterText
{
    private const string RecordId = "$id";

    public static FilterCondition[] Read(ReadOnlySpan<byte> json)
    {
        if (json.Length > Filter.MaxBytes)
            throw Malformed($"it is {json.Length} bytes, at most {Filter.MaxBytes} are allowed");

        var text = DataText.Read(json, new DataRules { MaxBytes = 0, Reserved = ReservedNames.RecordId });
        var conditions = new List<FilterCondition>();
        foreach (var (key, raw) in JsonMembers.Cut(text).All)
            conditions.AddRange(ReadMember(key, raw));
        if (conditions.Count > Filter.MaxConditions)
            throw Malformed($"it has {conditions.Count} conditions, at most {Filter.MaxConditions} are allowed");

        conditions.Sort(Compare);
        return [.. conditions];
    }

    private static IEnumerable<FilterCondition> ReadMember(string key, ReadOnlyMemory<byte> raw)
    {
        var path = key == RecordId ? null : FieldPath.Parse(key);
        if (raw.Span[0] != '{')
            return [new FilterCondition(path, FilterOperator.Eq, [FilterOperand.Of(raw.Span)])];

        var operators = JsonMembers.Cut(raw).All;
        return operators.Count > 0
            ? operators.Select(member => ReadOperator(key, path, member.Key, member.Value))
            : throw Malformed($"'{key}' has no operator; give one of eq, ne, gt, gte, lt, lte, in, exists");
    }

    private static FilterCondition ReadOperator(string key, FieldPath? path, string name, ReadOnlyMemory<byte> raw) => name switch
    {
        "eq" => new(path, FilterOperator.Eq, [FilterOperand.Of(raw.Span)]),
        "ne" => new(path, FilterOperator.Ne, [FilterOperand.Of(raw.Span)]),
        "gt" => Ordered(key, path, FilterOperator.Gt, raw),
        "gte" => Ordered(key, path, FilterOperator.Gte, raw),
        "lt" => Ordered(key, path, FilterOperator.Lt, raw),
        "lte" => Ordered(key, path, FilterOperator.Lte, raw),
        "in" => In(key, path, raw),
        "exists" => Exists(key, path, raw),
        _ => throw Malformed($"'{name}' of '{key}' is not an operator; they are eq, ne, gt, gte, lt, lte, in, exists"),
    };

    private static FilterCondition Ordered(string key, FieldPath? path, FilterOperator @operator, ReadOnlyMemory<byte> raw)
    {
        var operand = FilterOperand.Of(raw.Span);
        return operand.Rank is SortKey.Number or SortKey.String
            ? new(path, @operator, [operand])
            : throw Malformed($"only numbers and strings are ordered; '{key}' is compared with something else");
    }

    private static FilterCondition In(string key, FieldPath? path, ReadOnlyMemory<byte> raw)
    {
        if (raw.Span[0] != '[')
            throw Malformed($"'in' of '{key}' takes an array");
        var operands = JsonMembers.ElementsOf(raw).ConvertAll(element => FilterOperand.Of(element.Span));
        operands.Sort(static (a, b) => a.Text.AsSpan().SequenceCompareTo(b.Text));
        for (var i = operands.Count - 1; i > 0; i--)
        {
            if (operands[i].Text.AsSpan().SequenceEqual(operands[i - 1].Text))
                operands.RemoveAt(i);
        }
        return new(path, FilterOperator.In, [.. operands]);
    }

    private static FilterCondition Exists(string key, FieldPath? path, ReadOnlyMemory<byte> raw) => raw.Span[0] switch
    {
        (byte)'t' => new(path, FilterOperator.Exists, [], exists: true),
        (byte)'f' => new(path, FilterOperator.Exists, []),
        _ => throw Malformed($"'exists' of '{key}' takes true or false"),
    };

    private static int Compare(FilterCondition a, FilterCondition b)
    {
        var byKey = string.CompareOrdinal(KeyOf(a), KeyOf(b));
        return byKey != 0 ? byKey : a.Operator.CompareTo(b.Operator);
    }

    private static string KeyOf(FilterCondition condition) => condition.Path?.ToString() ?? RecordId;

    /// <summary>The canonical text of sorted conditions; never longer than what was read, so that it can be read again.</summary>
    public static string Write(IReadOnlyList<FilterCondition> conditions)
    {
        var buffer = new ArrayBufferWriter<byte>();
        var text = new JsonOut(buffer);
        text.Raw('{');
        for (var i = 0; i < conditions.Count;)
        {
            if (i > 0)
                text.Raw(',');
            var key = KeyOf(conditions[i]);
            var end = i + 1;
            while (end < conditions.Count && KeyOf(conditions[end]) == key)
                end++;
            text.String(key);
            text.Raw(':');
            WriteOperators(ref text, conditions, i, end);
            i = end;
        }
        text.Raw('}');
        text.End();
        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    private static void WriteOperators(ref JsonOut text, IReadOnlyList<FilterCondition> conditions, int start, int end)
    {
        var only = conditions[start];
        if (end == start + 1 && only.Operator == FilterOperator.Eq && only.Operands[0].Rank != SortKey.Object)
        {
            text.Raw(only.Operands[0].Text);
            return;
        }
        for (var i = start; i < end; i++)
        {
            text.Raw(i == start ? '{' : ',');
            WriteOperator(ref text, conditions[i]);
        }
        text.Raw('}');
    }

    private static void WriteOperator(ref JsonOut text, FilterCondition condition)
    {
        text.String(condition.Operator.ToString().ToLowerInvariant());
        text.Raw(':');
        if (condition.Operator == FilterOperator.Exists)
            text.Boolean(condition.Exists);
        else if (condition.Operator == FilterOperator.In)
            WriteAll(ref text, condition.Operands);
        else
            text.Raw(condition.Operands[0].Text);
    }

    private static void WriteAll(ref JsonOut text, FilterOperand[] operands)
    {
        text.Raw('[');
        for (var i = 0; i < operands.Length; i++)
        {
            if (i > 0)
                text.Raw(',');
            text.Raw(operands[i].Text);
        }
        text.Raw(']');
    }

    private static RefusedException Malformed(string why) => new(Codes.Malformed, $"The filter is malformed: {why}.");
}
