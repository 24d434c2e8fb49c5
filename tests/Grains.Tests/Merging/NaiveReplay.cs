using System.Text;
using System.Text.Json.Nodes;
using OrleansSync.Protocol;

namespace OrleansSync.Grains.Tests.Merging;

/// <summary>
/// What the protocol (§4.3) says a record is under lastWriterWins, taken by its word: its writes done one by one in (timestamp, tie) order as
/// puts, merge patches and deletes. Slow, and shares nothing with the engine.
/// </summary>
internal sealed class NaiveReplay
{
    private JsonNode? _data;
    private bool _hidden = true;

    /// <summary>The live data; null for a tombstone.</summary>
    public byte[]? Data => _hidden ? null : Encoding.UTF8.GetBytes(_data!.ToJsonString());

    /// <summary>The write with the greatest stamp.</summary>
    public Write Latest { get; private set; } = null!;

    public static NaiveReplay Of(IEnumerable<Write> writes)
    {
        var replay = new NaiveReplay();
        foreach (var write in writes.Order(Comparer<Write>.Create(InStampOrder)))
            replay.Apply(write);
        return replay;
    }

    private void Apply(Write write)
    {
        Latest = write;
        _hidden = write.Op == WriteOp.Delete;
        if (write.Op == WriteOp.Put)
            _data = JsonNode.Parse(write.Data);
        else if (write.Op == WriteOp.Patch)
            _data = MergePatch(_data, JsonNode.Parse(write.Data));
    }

    /// <summary>RFC 7396, section 2, line by line.</summary>
    public static JsonNode? MergePatch(JsonNode? target, JsonNode? patch)
    {
        if (patch is not JsonObject members)
            return patch?.DeepClone();
        var result = target is JsonObject there ? there.DeepClone().AsObject() : [];
        foreach (var (name, value) in members)
        {
            if (value is null)
                result.Remove(name);
            else
                result[name] = MergePatch(result[name], value);
        }
        return result;
    }

    private static int InStampOrder(Write a, Write b)
    {
        var order = a.Timestamp!.Value.CompareTo(b.Timestamp!.Value);
        order = order != 0 ? order : Bytewise(a.Author, b.Author);
        order = order != 0 ? order : Bytewise(a.Client, b.Client);
        return order != 0 ? order : Bytewise(a.Id, b.Id);
    }

    private static int Bytewise(string? a, string? b) =>
        Encoding.UTF8.GetBytes(a ?? "").AsSpan().SequenceCompareTo(Encoding.UTF8.GetBytes(b ?? ""));
}
