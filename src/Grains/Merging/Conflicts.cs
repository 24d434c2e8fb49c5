using OrleansSync.Protocol;

namespace OrleansSync.Grains.Merging;

/// <summary>A record's open conflict as writes come: values join it, and it moves with what stands (protocol §6).</summary>
internal static class Conflicts
{
    /// <summary>The conflict beside the record's new data: a new revision where what stands at one of its paths is another value now.</summary>
    public static Conflict Beside(Conflict conflict, byte[]? data)
    {
        var beside = conflict.Beside(data);
        for (var i = 0; i < conflict.Fields.Count; i++)
            if (!AreEqual(conflict.Fields[i].Current, beside.Fields[i].Current)) return beside with { Revision = conflict.Revision + 1 };
        return beside;
    }

    /// <summary>The conflict, opened if need be, with what the write wants and may not have; or why it cannot take that.</summary>
    public static (Conflict? Conflict, Problem? Problem) Joined(Question question, MergeState state, IReadOnlyList<HeldValue> held, byte[]? data)
    {
        var open = state.Conflict;
        var candidate = CandidateOf(question, held, (open?.Candidates.Count ?? 0) + 1);
        if (candidate.Id > Conflict.MostCandidates || candidate.Bytes + (open?.Candidates.Sum(known => known.Bytes) ?? 0) > Conflict.MostBytes)
            return (null, Full);

        var joined = new Conflict
        {
            Id = open?.Id ?? $"c-{state.Version + 1}",
            Revision = (open?.Revision ?? 0) + 1,
            OpenedAt = open?.OpenedAt ?? question.Clock,
            Claim = open is null ? null : Standing(open, question.Clock),
            Fields = [.. open?.Fields ?? [], .. held.Where(one => open?.Field(one.Path) is null).Select(one => FieldOf(question, state, one.Path))],
            Candidates = [.. open?.Candidates ?? [], candidate],
        };
        return (joined.Beside(data), null);
    }

    /// <summary>The claim that still counts.</summary>
    public static Claim? Standing(Conflict conflict, Timestamp now) => conflict.Claim is { } claim && claim.Until > now ? claim : null;

    private static Candidate CandidateOf(Question question, IReadOnlyList<HeldValue> held, int id) => new()
    {
        Id = id,
        Write = question.Write.Id,
        Author = question.Write.Author,
        Client = question.Write.Client,
        Timestamp = question.Sent,
        Op = question.Write.Op,
        Base = question.Base,
        Values = [.. held.Where(one => one.Value is not null).Select(one => new PathValue(one.Path, NodeText.Write(one.Value!)))],
        Removed = [.. held.Where(one => one.Value is null).Select(one => one.Path)],
    };

    private static ConflictField FieldOf(Question question, MergeState state, string path)
    {
        var seen = question.Base is not { } version || version == 0 ? null : version == state.Version ? state.Data : question.BaseData;
        if (seen is null) return new(path, null, null);
        return FieldPath.Parse(path).TryFind(seen, out var value) ? new(path, value.ToArray(), null) : new(path, null, null);
    }

    private static bool AreEqual(byte[]? a, byte[]? b) => a is null ? b is null : b is not null && DataText.AreEqual(a, b);

    private static readonly Problem Full = new(Codes.ConflictFull,
        $"The record's conflict holds as much as it can: {Conflict.MostCandidates} candidates or {Conflict.MostBytes >> 20} MiB. Settle it, then send the write anew.");
}

/// <summary>What a write wants at a path where it may not have it; null = that there be no value.</summary>
internal readonly record struct HeldValue(string Path, Node? Value);
