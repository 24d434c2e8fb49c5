using OrleansSync.Protocol;

namespace OrleansSync.Grains.Merging;

internal enum NodeKind : byte { Absent, Leaf, Object }

/// <summary>
/// A place in a record's data: a value that is not an object (<see cref="NodeKind.Leaf"/>, its JSON text), an object, or a removal that is
/// remembered. Never changes. A node of an incoming value is bare; one of a record carries marks:
/// <see cref="Wiped"/>, the latest stamp that replaced or removed it or anything above it (so never earlier than its parent's);
/// <see cref="Ensured"/>, for an object the latest stamp that needed it to be one (so never earlier than any stamp below);
/// <see cref="Changed"/>, when its value last became another one (null: it never was anything else than absent).
/// </summary>
internal sealed class Node
{
    public static readonly Node EmptyObject = new() { Kind = NodeKind.Object, Members = Members.None };

    public required NodeKind Kind { get; init; }

    /// <summary>The JSON text of a leaf.</summary>
    public ReadOnlyMemory<byte> Raw { get; init; }

    /// <summary>The members of an object, remembered removals included.</summary>
    public Members Members { get; init; } = Members.None;

    public Stamp? Wiped { get; init; }
    public Stamp? Ensured { get; init; }
    public ChangeMark? Changed { get; init; }

    public bool IsObject => Kind == NodeKind.Object;
    public bool IsAbsent => Kind == NodeKind.Absent;

    /// <summary>How many removals are remembered here and below.</summary>
    public int Removals => IsAbsent ? 1 : Members.Removals;

    public Node With(Members members, Stamp? ensured) =>
        new() { Kind = NodeKind.Object, Members = members, Wiped = Wiped, Ensured = ensured, Changed = Changed };

    /// <summary>Equal as JSON: text, member order and escapes aside.</summary>
    public static bool SameValue(Node? a, Node? b)
    {
        if (ReferenceEquals(a, b)) return true;
        var kind = a?.Kind ?? NodeKind.Absent;
        if (kind != (b?.Kind ?? NodeKind.Absent)) return false;
        return kind switch
        {
            NodeKind.Absent => true,
            NodeKind.Leaf => a!.Raw.Span.SequenceEqual(b!.Raw.Span) || DataText.AreEqual(a.Raw.Span, b.Raw.Span),
            _ => Members.SameValues(a!.Members, b!.Members),
        };
    }

    /// <summary>The latest stamp here and below.</summary>
    public Stamp? LatestStamp => Stamp.Later(Wiped, Ensured);
}
