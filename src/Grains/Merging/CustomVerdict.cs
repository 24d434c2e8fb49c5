using System.Runtime.InteropServices;
using System.Text.Json;
using OrleansSync.Protocol;

namespace OrleansSync.Grains.Merging;

/// <summary>What a custom policy made of a contested path.</summary>
internal readonly record struct CustomVerdict(Kept Kept, Node? Value)
{
    /// <summary>Throws <see cref="CustomPolicyException"/> where the policy throws, whatever it throws, or answers with what data may not hold.</summary>
    public static CustomVerdict Of(Question question, string path, string policy, Node? incoming, Node? current, Stamp stands, string[] at)
    {
        var contested = new ContestedPath(
            path,
            Element(Seen(question, at)),
            new(Element(current), stands.At, stands.Author),
            new(Element(incoming), question.Own.At, question.Own.Author));
        var resolved = Resolved(question.Customs, policy, contested, at);
        var kept = Node.SameValue(resolved, current) ? Kept.Current : Node.SameValue(resolved, incoming) ? Kept.Incoming : Kept.Both;
        return new(kept, resolved);
    }

    private static Node? Resolved(CustomPolicies customs, string policy, ContestedPath contested, string[] at)
    {
        try
        {
            return customs.Ask(policy, contested) is { } value ? ValueAt(at, JsonMarshal.GetRawUtf8Value(value).ToArray()) : null;
        }
        catch (Exception failure)
        {
            // Whatever it was, it must not look like a failure of ours, which a resend might mend.
            throw new CustomPolicyException($"{policy} failed: {failure.Message}", failure);
        }
    }

    /// <summary>The value, held at its place to the rules that a write's data meets at the edge.</summary>
    private static Node ValueAt(string[] at, byte[] value)
    {
        var node = new Node { Kind = NodeKind.Leaf, Raw = value };
        for (var depth = at.Length - 1; depth >= 0; depth--) node = new() { Kind = NodeKind.Object, Members = new([at[depth]], [node]) };
        var data = DataText.Read(NodeText.Write(node), new DataRules { AnyValue = true, MaxBytes = 0 });
        return Find(NodeText.Read(data), at)!;
    }

    private static Node? Seen(Question question, string[] at) => question.BaseData is { } data ? Find(NodeText.Read(data), at) : null;

    private static Node? Find(Node? node, string[] at)
    {
        foreach (var name in at) node = node is { IsObject: true } ? node.Members.Find(name) : null;
        return node;
    }

    private static JsonElement? Element(Node? node) =>
        node is null or { IsAbsent: true } ? null : JsonDocument.Parse(NodeText.Write(node)).RootElement;
}
