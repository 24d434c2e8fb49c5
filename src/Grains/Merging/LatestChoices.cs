using OrleansSync.Protocol;

namespace OrleansSync.Grains.Merging;

/// <summary>What stands at each path of a conflict when nobody decides: the latest of what is there and what waits.</summary>
internal static class LatestChoices
{
    public static IReadOnlyList<Choice> Of(MergeState state, Conflict conflict)
    {
        if (Latest(conflict, "") is { } whole && whole.Stamp > state.Latest && !conflict.Candidates.Any(other => OfCandidate(other) > whole.Stamp))
            return [new("", Taking.Candidate, whole.Candidate.Id)];
        if (state.Deleted) return [];

        var later = conflict.Fields.Where(field => field.Path.Length > 0)
            .Select(field => (Path: FieldPath.Parse(field.Path), Latest: Latest(conflict, field.Path)))
            .Where(one => one.Latest is not null && one.Latest.Value.Stamp > Stands(state.Root, one.Path))
            .OrderByDescending(one => one.Latest!.Value.Stamp);
        var chosen = new List<(FieldPath Path, Choice Choice)>();
        foreach (var (path, latest) in later)
            if (!chosen.Any(other => other.Path.Covers(path) || path.Covers(other.Path)))
                chosen.Add((path, new(path.ToString(), Taking.Candidate, latest!.Value.Candidate.Id)));
        return [.. chosen.Select(one => one.Choice)];
    }

    private static (Candidate Candidate, Stamp Stamp)? Latest(Conflict conflict, string path)
    {
        (Candidate Candidate, Stamp Stamp)? latest = null;
        foreach (var candidate in conflict.Candidates)
            if (candidate.Touches(path) && (latest is null || OfCandidate(candidate) > latest.Value.Stamp)) latest = (candidate, OfCandidate(candidate));
        return latest;
    }

    private static Stamp OfCandidate(Candidate candidate) => new(candidate.Timestamp, candidate.Author, candidate.Client, candidate.Write);

    /// <summary>When what stands at a path was edited, or what is above it where there is nothing.</summary>
    private static Stamp Stands(Node root, FieldPath path)
    {
        var node = root;
        foreach (var name in path.Segments)
        {
            if (node.Members.Find(name) is not { } member) return node.Wiped!;
            node = member;
        }

        return node.LatestStamp!;
    }
}
