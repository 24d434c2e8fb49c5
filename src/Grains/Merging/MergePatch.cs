using OrleansSync.Protocol;

namespace OrleansSync.Grains.Merging;

/// <summary>A merge patch (RFC 7396) with field operations, applied to a value without regard to when anything was edited.</summary>
internal static class MergePatch
{
    /// <summary>An operation that does not fit leaves what stands.</summary>
    public static Node Apply(Node target, Node patch, Timestamp now)
    {
        if (!patch.IsObject) return patch;
        var members = new Members.Builder(target.IsObject ? target.Members : Members.None);
        for (var place = 0; place < patch.Members.Count; place++)
        {
            var (name, value) = (patch.Members.NameAt(place), patch.Members.NodeAt(place));
            var stands = target.IsObject ? target.Members.Find(name) : null;
            members.Set(name, Member(stands, value, now));
        }

        return new() { Kind = NodeKind.Object, Members = members.Build() };
    }

    private static readonly Node Nothing = new() { Kind = NodeKind.Absent };

    private static Node? Member(Node? stands, Node value, Timestamp now)
    {
        if (!value.IsObject) return value.Raw.Span.SequenceEqual("null"u8) ? stands is null ? null : Nothing : value;
        if (FieldOperation.Read(value) is not { } operation) return Apply(stands ?? Node.EmptyObject, value, now);
        var result = stands is { IsObject: true } ? null : operation.Apply(stands is { Kind: NodeKind.Leaf } ? stands.Raw : (ReadOnlyMemory<byte>?)null, now);
        return result is null ? stands : new Node { Kind = NodeKind.Leaf, Raw = result };
    }
}
