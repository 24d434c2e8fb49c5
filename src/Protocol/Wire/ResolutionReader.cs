namespace OrleansSync.Protocol;

/// <summary>
/// Reads a person's decision on a conflict (protocol §6), whole: <c>{"choices":{path:{"take":"current"}|{"take":"candidate","candidate":1}|{"value":…}|{"remove":true}},
/// "expect":2,"note":"…","conflict":"c-7"}</c>.
/// </summary>
public static class ResolutionReader
{
    public const int MostChoices = 1_000;

    /// <summary>Reads it; throws <see cref="RefusedException"/>: malformed, too-deep or too-large.</summary>
    /// <param name="maxDataBytes">Most bytes of one minified value; 0 = no limit.</param>
    public static Resolution Read(JsonMembers members, int maxDataBytes)
    {
        var stated = members.Object("choices") ?? throw Malformed("'choices' is missing: an object of paths, {} to keep what stands everywhere");
        if (stated.All.Count > MostChoices)
            throw Malformed($"'choices' may have at most {MostChoices} paths");

        var choices = new Choice[stated.All.Count];
        var changed = new List<FieldPath>();
        for (var i = 0; i < choices.Length; i++)
        {
            var path = FieldPath.Parse(stated.All[i].Key);
            choices[i] = ReadChoice(path, stated.All[i].Value, maxDataBytes);
            if (choices[i].Take != Taking.Current)
                changed.Add(path);
        }
        RefuseCovered(changed);
        return new Resolution
        {
            Conflict = members.String("conflict"),
            Expect = ReadExpect(members),
            Choices = choices,
            Note = ReadNote(members),
        };
    }

    private static Choice ReadChoice(FieldPath path, ReadOnlyMemory<byte> raw, int maxDataBytes)
    {
        if (raw.Span[0] != '{')
            throw Malformed($"the choice for '{path}' must be an object");
        var choice = JsonMembers.Cut(raw);
        var take = choice.String("take");
        var remove = choice.Boolean("remove");
        // Null is a value like any other here.
        var hasValue = choice.TryGetEvenNull("value", out var value);
        if ((take is null ? 0 : 1) + (remove is null ? 0 : 1) + (hasValue ? 1 : 0) != 1)
            throw Malformed($"the choice for '{path}' must have one of take, value and remove");

        var candidate = ReadCandidate(path, choice, take == "candidate");
        if (hasValue)
            return new Choice(path.ToString(), Taking.Value, Value: ReadValue(path, value.Span, maxDataBytes));
        return take switch
        {
            "current" => new Choice(path.ToString(), Taking.Current),
            "candidate" => new Choice(path.ToString(), Taking.Candidate, candidate),
            null when remove == true => new Choice(path.ToString(), Taking.Remove),
            null => throw Malformed($"'remove' can only be true, for '{path}' it is not"),
            _ => throw Malformed($"'take' for '{path}' must be current or candidate"),
        };
    }

    private static int ReadCandidate(FieldPath path, JsonMembers choice, bool wanted) => choice.Integer("candidate") switch
    {
        null when !wanted => 0,
        >= 1 and <= int.MaxValue and var candidate when wanted => (int)candidate,
        _ when wanted => throw Malformed($"the choice for '{path}' must say which candidate: 1, 2, 3 …"),
        _ => throw Malformed($"the choice for '{path}' names a candidate that it does not take"),
    };

    /// <summary>A value is as deep in the data as its path is long.</summary>
    private static byte[] ReadValue(FieldPath path, ReadOnlySpan<byte> value, int maxDataBytes)
    {
        var depth = DataRules.DefaultMaxDepth - path.Segments.Count;
        if (depth < 0 || (depth == 0 && value[0] is (byte)'{' or (byte)'['))
            throw new RefusedException(Codes.TooDeep, $"The value for '{path}' would be nested deeper than {DataRules.DefaultMaxDepth}.");
        return DataText.Read(value, new DataRules { AnyValue = !path.IsRoot, MaxDepth = depth, MaxBytes = maxDataBytes });
    }

    private static long ReadExpect(JsonMembers members) => members.Integer("expect") switch
    {
        null => throw Malformed("'expect' is missing: the revision of the conflict that was looked at"),
        >= 1 and var revision => revision,
        _ => throw Malformed("'expect' must be a revision: 1, 2, 3 …"),
    };

    private static string? ReadNote(JsonMembers members) =>
        members.String("note") is var note && (note is null || note.Length <= Resolution.MostNote)
            ? note
            : throw Malformed($"'note' may have at most {Resolution.MostNote} characters");

    /// <summary>Of two changes of which one lies in the other nobody could say which is to stand.</summary>
    private static void RefuseCovered(List<FieldPath> changed)
    {
        for (var i = 0; i < changed.Count; i++)
        {
            for (var j = 0; j < changed.Count; j++)
            {
                if (i != j && changed[i].Covers(changed[j]))
                    throw Malformed($"'{changed[i]}' and '{changed[j]}' cannot both be chosen: one covers the other");
            }
        }
    }

    private static RefusedException Malformed(string why) => new(Codes.Malformed, $"The resolution is malformed: {why}.");
}
