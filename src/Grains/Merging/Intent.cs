using OrleansSync.Protocol;

namespace OrleansSync.Grains.Merging;

internal enum IntentKind : byte { Object, Set, Remove, Operate }

/// <summary>What a write wants at a place, told apart from what becomes of it.</summary>
internal sealed class Intent
{
    public required IntentKind Kind { get; init; }

    /// <summary>For setting: a leaf.</summary>
    public Node? Value { get; init; }
    public FieldOperation? Operation { get; init; }

    /// <summary>For an object: what is wanted of its members; none = only that it be an object.</summary>
    public IReadOnlyList<(string Name, Intent Intent)> Members { get; init; } = [];

    private static readonly Intent Removal = new() { Kind = IntentKind.Remove };

    /// <summary>True when it consists of field operations alone, at least one.</summary>
    public bool IsOperationsOnly =>
        Kind == IntentKind.Operate || (Kind == IntentKind.Object && Members.Count > 0 && Members.All(member => member.Intent.IsOperationsOnly));

    /// <summary>A merge patch: null removes, an object goes below, anything else is set.</summary>
    public static Intent OfPatch(Node patch) => patch switch
    {
        { IsObject: false } when patch.Raw.Span.SequenceEqual("null"u8) => Removal,
        { IsObject: false } => new() { Kind = IntentKind.Set, Value = patch },
        _ when FieldOperation.Read(patch) is { } operation => new() { Kind = IntentKind.Operate, Operation = operation },
        _ => OfMembers(patch, static (_, value) => OfPatch(value)),
    };

    /// <summary>A put by someone who saw <paramref name="seen"/>: a patch that sets all it has and removes what there was and it lacks.</summary>
    public static Intent OfPut(Node data, Node? seen, Node? current)
    {
        if (!data.IsObject) return new() { Kind = IntentKind.Set, Value = data };
        var members = new List<(string, Intent)>();
        for (var place = 0; place < data.Members.Count; place++)
        {
            var name = data.Members.NameAt(place);
            members.Add((name, OfPut(data.Members.NodeAt(place), Member(seen, name), Member(current, name))));
        }

        foreach (var (name, had) in Present(seen))
            if (data.Members.Find(name) is null)
                members.Add((name, OfMissing(had, Member(current, name))));
        return new() { Kind = IntentKind.Object, Members = members };
    }

    // What came into being since was not there to be missed: then only what was there goes.
    private static Intent OfMissing(Node had, Node? current)
    {
        if (!had.IsObject || current is not { IsObject: true } || !Present(current).Any(member => IsNew(member.Name, member.Node, had))) return Removal;
        return new() { Kind = IntentKind.Object, Members = [.. Present(had).Select(member => (member.Name, OfMissing(member.Node, Member(current, member.Name))))] };
    }

    private static bool IsNew(string name, Node current, Node had) =>
        had.Members.Find(name) is not { IsAbsent: false } before
        || (current.IsObject && before.IsObject && Present(current).Any(member => IsNew(member.Name, member.Node, before)));

    private static Intent OfMembers(Node node, Func<string, Node, Intent> read) =>
        new() { Kind = IntentKind.Object, Members = [.. Present(node).Select(member => (member.Name, read(member.Name, member.Node)))] };

    private static Node? Member(Node? node, string name) =>
        node is { IsObject: true } && node.Members.Find(name) is { IsAbsent: false } member ? member : null;

    private static IEnumerable<(string Name, Node Node)> Present(Node? node)
    {
        if (node is not { IsObject: true }) yield break;
        for (var place = 0; place < node.Members.Count; place++)
            if (!node.Members.NodeAt(place).IsAbsent)
                yield return (node.Members.NameAt(place), node.Members.NodeAt(place));
    }
}
