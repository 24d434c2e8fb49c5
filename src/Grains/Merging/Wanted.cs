using OrleansSync.Protocol;

namespace OrleansSync.Grains.Merging;

/// <summary>What a write that did not take effect wanted: its values against those that stand.</summary>
internal static class Wanted
{
    public static IReadOnlyList<PathChange> By(Question question)
    {
        var stands = question.State is { Deleted: false } live ? live : null;
        var write = question.Write;
        if (write.Op == WriteOp.Delete) return stands is null ? [] : HistoryDiff.Whole(stands.Data, null);
        var data = NodeText.Read(write.Data!);
        if (write.Op == WriteOp.Put) return stands is null ? HistoryDiff.Whole(null, write.Data) : HistoryDiff.Between(stands.Root, data);
        var patched = MergePatch.Apply(stands?.Root ?? Node.EmptyObject, data, question.Now);
        return stands is null ? HistoryDiff.Whole(null, NodeText.Write(patched)) : HistoryDiff.Between(stands.Root, patched);
    }
}
