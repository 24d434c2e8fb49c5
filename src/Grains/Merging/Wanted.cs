using OrleansSync.Protocol;

namespace OrleansSync.Grains.Merging;

/// <summary>What a write that did not take effect wanted: its values against those that stand.</summary>
internal static class Wanted
{
    public static IReadOnlyList<PathChange> By(Question question)
    {
        var stands = question.State is { Deleted: false } live ? live : null;
        var write = question.Write;
        if (write.Op == WriteOp.Delete) return HistoryDiff.Between(stands?.Root, null);
        var data = NodeText.Read(write.Data!);
        var wanted = write.Op == WriteOp.Put ? data : MergePatch.Apply(stands?.Root ?? Node.EmptyObject, data, question.Now);
        return HistoryDiff.Between(stands?.Root, wanted);
    }
}
