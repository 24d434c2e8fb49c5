using OrleansSync.Protocol;

namespace OrleansSync.Grains.Merging;

/// <summary>What a write that did not take effect wanted: its values against those that stand.</summary>
internal static class Wanted
{
    public static IReadOnlyList<PathChange> By(Question question)
    {
        var stands = question.State is { Deleted: false } live ? live : null;
        var write = question.Write;
        if (write.Resolution is { } resolution) return By(resolution, question.State?.Conflict);
        if (write.IsOfConflict) return [];
        if (write.Op == WriteOp.Delete) return HistoryDiff.Between(stands?.Root, null);
        var data = NodeText.Read(write.Data!);
        var wanted = write.Op == WriteOp.Put ? data : MergePatch.Apply(stands?.Root ?? Node.EmptyObject, data, question.Now);
        return HistoryDiff.Between(stands?.Root, wanted);
    }

    // What a person typed into a resolution that came too late is not lost either.
    private static IReadOnlyList<PathChange> By(Resolution resolution, Conflict? open) =>
        [.. resolution.Choices.Where(choice => choice.Value is not null).Select(choice => new PathChange(choice.Path, open?.Field(choice.Path)?.Current, choice.Value))];
}
