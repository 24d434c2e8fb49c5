namespace OrleansSync.Grains.Merging;

/// <summary>Lets the oldest remembered removals go, so that what a record remembers has a bound.</summary>
internal static class Forgetting
{
    public static Node OldRemovals(Node root, int keep)
    {
        var versions = new List<long>(root.Removals);
        Collect(root, versions);
        versions.Sort();
        return Without(root, versions[versions.Count - keep]);
    }

    private static void Collect(Node node, List<long> versions)
    {
        if (node.IsAbsent) versions.Add(node.Changed?.Version ?? 0);
        for (var place = 0; place < node.Members.Count; place++) Collect(node.Members.NodeAt(place), versions);
    }

    private static Node Without(Node node, long olderThan)
    {
        if (node.Removals == 0) return node;
        var names = new List<string>();
        var nodes = new List<Node>();
        for (var place = 0; place < node.Members.Count; place++)
        {
            var member = node.Members.NodeAt(place);
            if (member.IsAbsent && (member.Changed?.Version ?? 0) < olderThan) continue;
            names.Add(node.Members.NameAt(place));
            nodes.Add(Without(member, olderThan));
        }

        return node.IsObject ? node.With(new Members([.. names], [.. nodes]), node.Ensured) : node;
    }
}
