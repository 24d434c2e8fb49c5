namespace OrleansSync.Grains.Merging;

/// <summary>
/// The last-writer registers of a record: what setting, removing and ensuring do at a stamp. Whatever the order in which stamps come, the
/// result is that of the order of stamps. Each returns the same node when nothing changed.
/// </summary>
internal static class Registers
{
    /// <summary>Carries an edit out. Null stays null where nothing came of it.</summary>
    /// <param name="inherited">What wiped the parent of a node that is not there yet.</param>
    public static Node? Apply(Node? node, Edit edit, Stamp inherited, ChangeMark mark)
    {
        var before = node ?? Unborn(inherited);
        var after = edit.Kind switch
        {
            EditKind.Replace => Replace(before, edit.Value, edit.Stamp!, mark),
            EditKind.Ensure => Ensure(before, edit.Stamp!, mark),
            _ => Enter(before, edit, mark),
        };
        return node is null && ReferenceEquals(before, after) ? null : after;
    }

    // What is not there yet has been wiped by whatever wiped its parent, and never was anything.
    private static Node Unborn(Stamp inherited) => new() { Kind = NodeKind.Absent, Wiped = inherited };

    private static Node Enter(Node node, Edit edit, ChangeMark mark)
    {
        if (edit.Stamp is { } through) node = Ensure(node, through, mark);
        if (!node.IsObject) return node;
        var members = new Members.Builder(node.Members);
        foreach (var (name, below) in edit.Below)
            members.Set(name, Apply(node.Members.Find(name), below, node.Wiped!, mark));
        var built = members.Build();
        return ReferenceEquals(built, node.Members) ? node : node.With(built, node.Ensured);
    }

    /// <summary>Makes the node an object, if nothing later made it something else.</summary>
    public static Node Ensure(Node node, Stamp at, ChangeMark mark)
    {
        if (node.Wiped > at) return node;
        if (!node.IsObject)
            return new() { Kind = NodeKind.Object, Wiped = node.Wiped, Ensured = at, Changed = mark };
        return at > node.Ensured ? node.With(node.Members, at) : node;
    }

    /// <summary>Gives the node a value (null: none), below which only what is later stays.</summary>
    public static Node Replace(Node node, Node? value, Stamp at, ChangeMark mark)
    {
        if (node.Wiped > at) return node;
        return node.IsObject && node.Ensured > at ? Overlay(node, value, at, mark) : Fresh(node, value, at, mark)!;
    }

    // Something below is later: the node stays an object, and of what it holds stays what is later.
    private static Node Overlay(Node node, Node? value, Stamp at, ChangeMark mark)
    {
        var given = value is { IsObject: true } ? value.Members : Members.None;
        var members = new Members.Builder(node.Members);
        for (var place = 0; place < node.Members.Count; place++)
        {
            var name = node.Members.NameAt(place);
            members.Set(name, Replace(node.Members.NodeAt(place), given.Find(name), at, mark));
        }

        for (var place = 0; place < given.Count; place++)
            if (node.Members.PlaceOf(given.NameAt(place)) < 0)
                members.Set(given.NameAt(place), Fresh(null, given.NodeAt(place), at, mark));
        return new() { Kind = NodeKind.Object, Members = members.Build(), Wiped = at, Ensured = node.Ensured, Changed = node.Changed };
    }

    /// <summary>The node with nothing left of what it was but the memory of when it changed.</summary>
    public static Node? Fresh(Node? old, Node? value, Stamp at, ChangeMark mark)
    {
        if (value is null)
            return old is null ? null : new() { Kind = NodeKind.Absent, Wiped = at, Changed = old.IsAbsent ? old.Changed : mark };
        if (!value.IsObject)
            return new() { Kind = NodeKind.Leaf, Raw = value.Raw, Wiped = at, Changed = Node.SameValue(old, value) ? old!.Changed : mark };

        var before = old is { IsObject: true } ? old.Members : Members.None;
        var given = value.Members;
        var nodes = new Node[given.Count];
        for (var place = 0; place < nodes.Length; place++)
            nodes[place] = Fresh(before.Find(given.NameAt(place)), given.NodeAt(place), at, mark)!;

        var members = new Members.Builder(given.With(nodes));
        for (var place = 0; place < before.Count; place++)
            if (given.PlaceOf(before.NameAt(place)) < 0)
                members.Set(before.NameAt(place), Fresh(before.NodeAt(place), null, at, mark));

        return new()
        {
            Kind = NodeKind.Object,
            Members = members.Build(),
            Wiped = at,
            Ensured = at,
            Changed = old is { IsObject: true } ? old.Changed : mark,
        };
    }

    /// <summary>The node after several edits, where those that came back to the value that stood have not changed it.</summary>
    public static Node Unchanged(Node? before, Node after)
    {
        if (before is null || ReferenceEquals(before, after)) return after;
        var isSame = before.Kind == after.Kind && (after.IsObject || Node.SameValue(before, after));
        var members = new Members.Builder(after.Members);
        for (var place = 0; place < after.Members.Count; place++)
            members.Set(after.Members.NameAt(place), Unchanged(before.Members.Find(after.Members.NameAt(place)), after.Members.NodeAt(place)));
        return new()
        {
            Kind = after.Kind,
            Raw = after.Raw,
            Members = members.Build(),
            Wiped = after.Wiped,
            Ensured = after.Ensured,
            Changed = isSame ? before.Changed : after.Changed,
        };
    }
}
