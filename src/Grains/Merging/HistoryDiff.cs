using OrleansSync.Protocol;

namespace OrleansSync.Grains.Merging;

/// <summary>What is different between two states of a record's data, value by value: what history keeps of a write.</summary>
internal static class HistoryDiff
{
    /// <param name="from">Null when there was no live record.</param>
    /// <param name="to">Null when there is none.</param>
    public static IReadOnlyList<PathChange> Between(Node? from, Node? to)
    {
        var changes = new List<PathChange>();
        Compare(from, to, [], changes);
        return changes;
    }

    private static void Compare(Node? from, Node? to, List<string> at, List<PathChange> changes)
    {
        if (ReferenceEquals(from, to)) return;
        var (before, after) = (Present(from), Present(to));
        if (before is { IsObject: true } || after is { IsObject: true })
        {
            CompareOwnText(before, after, at, changes);
            CompareMembers(before, after, at, changes);
        }
        else if (!Node.SameValue(before, after))
            changes.Add(new(Path(at), Bytes(before), Bytes(after)));
    }

    // An object that holds nothing is a value of its own, and so is a leaf that becomes an object or was one.
    private static void CompareOwnText(Node? before, Node? after, List<string> at, List<PathChange> changes)
    {
        var (own, its) = (OwnText(before), OwnText(after));
        if (own is null ? its is not null : its is null || !own.AsSpan().SequenceEqual(its)) changes.Add(new(Path(at), own, its));
    }

    private static byte[]? OwnText(Node? node) => node switch
    {
        null => null,
        { IsObject: false } => node.Raw.ToArray(),
        { Members.Present: 0 } => "{}"u8.ToArray(),
        _ => null,
    };

    private static void CompareMembers(Node? before, Node? after, List<string> at, List<PathChange> changes)
    {
        var (its, own) = (MembersOf(after), MembersOf(before));
        for (var place = 0; place < own.Count; place++) CompareMember(own.NameAt(place), own.NodeAt(place), its.Find(own.NameAt(place)), at, changes);
        for (var place = 0; place < its.Count; place++)
            if (own.PlaceOf(its.NameAt(place)) < 0) CompareMember(its.NameAt(place), null, its.NodeAt(place), at, changes);
    }

    private static void CompareMember(string name, Node? before, Node? after, List<string> at, List<PathChange> changes)
    {
        at.Add(name);
        Compare(before, after, at, changes);
        at.RemoveAt(at.Count - 1);
    }

    private static Members MembersOf(Node? node) => node is { IsObject: true } ? node.Members : Members.None;

    private static Node? Present(Node? node) => node is { IsAbsent: true } ? null : node;

    private static byte[]? Bytes(Node? node) => node?.Raw.ToArray();

    private static string Path(List<string> at) => FieldPath.TextOf(at);
}
