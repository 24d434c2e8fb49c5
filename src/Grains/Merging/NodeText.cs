using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using OrleansSync.Protocol;

namespace OrleansSync.Grains.Merging;

/// <summary>Reads nodes from JSON text and writes the text of nodes; the text of leaves is carried through untouched.</summary>
internal static class NodeText
{
    private const int MostKept = 1024;

    /// <summary>Reads data that was checked at the edge. The nodes share its bytes and are bare.</summary>
    public static Node Read(byte[] json)
    {
        t_members?.Clear();
        var reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = 1024 });
        reader.Read();
        return Read(ref reader, json);
    }

    // One a thread: how many members an object has is known when all are read. Those of an object within are taken off before those after it come.
    [ThreadStatic]
    private static List<(string Name, Node Node)>? t_members;

    private static Node Read(ref Utf8JsonReader reader, byte[] json)
    {
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            var start = (int)reader.TokenStartIndex;
            reader.Skip();
            return new() { Kind = NodeKind.Leaf, Raw = json.AsMemory(start, (int)reader.BytesConsumed - start) };
        }

        var members = t_members ??= [];
        var first = members.Count;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var name = MemberNames.Of(ref reader);
            reader.Read();
            members.Add((name, Read(ref reader, json)));
        }

        return Take(members, first);
    }

    private static Node Take(List<(string Name, Node Node)> members, int first)
    {
        if (members.Count == first) return Node.EmptyObject;
        var names = new string[members.Count - first];
        var nodes = new Node[names.Length];
        for (var place = 0; place < names.Length; place++) (names[place], nodes[place]) = members[first + place];
        members.RemoveRange(first, names.Length);
        if (first == 0 && members.Capacity > MostKept) t_members = null;
        return new() { Kind = NodeKind.Object, Members = new(names, nodes) };
    }

    // One a thread, used again for every write: the text is copied out.
    [ThreadStatic]
    private static ArrayBufferWriter<byte>? t_text;

    public static byte[] Write(Node node)
    {
        var text = t_text ??= new(1024);
        Write(node, text);
        var written = text.WrittenSpan.ToArray();
        text.ResetWrittenCount();
        return written;
    }

    private static void Write(Node node, ArrayBufferWriter<byte> text)
    {
        if (node.Kind == NodeKind.Leaf)
        {
            text.Write(node.Raw.Span);
            return;
        }

        var separator = (byte)'{';
        for (var place = 0; place < node.Members.Count; place++)
        {
            var member = node.Members.NodeAt(place);
            if (member.IsAbsent) continue;
            text.Write([separator]);
            separator = (byte)',';
            WriteName(node.Members.NameAt(place), text);
            Write(member, text);
        }

        text.Write(separator == '{' ? "{}"u8 : "}"u8);
    }

    private static void WriteName(string name, ArrayBufferWriter<byte> text)
    {
        var encoded = JsonEncodedText.Encode(name, JavaScriptEncoder.UnsafeRelaxedJsonEscaping);
        text.Write("\""u8);
        text.Write(encoded.EncodedUtf8Bytes);
        text.Write("\":"u8);
    }
}
