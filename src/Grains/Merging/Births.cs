using OrleansSync.Protocol;

namespace OrleansSync.Grains.Merging;

/// <summary>Writes to a record that never was.</summary>
internal static class Births
{
    public static Decision Decide(Question question)
    {
        var write = question.Write;
        if (write.Op is not (WriteOp.Put or WriteOp.Patch)) return Absent(question);
        var data = NodeText.Read(write.Data!);
        var before = new Node { Kind = NodeKind.Object, Wiped = Stamp.Never, Ensured = Stamp.Never };
        if (write.Op == WriteOp.Put) return Born(question, Registers.Replace(before, data, question.Own, question.Mark), write.Data);

        var intent = Intent.OfPatch(data);
        if (!intent.IsOperationsOnly) return Absent(question);
        var contest = new Contest(question);
        var root = contest.Settle(before, intent);
        return contest.Problem is { } problem ? Answers.Invalid(question, problem) : Born(question, root, null);
    }

    private static Decision Born(Question question, Node root, byte[]? text)
    {
        var state = MergeState.Born(question.Write.Record, root, text);
        return Answers.NewVersion(question, state, [], [], HistoryDiff.Between(null, root));
    }

    private static Decision Absent(Question question) => Answers.Rejected(
        question, new(Codes.NotFound, "There is no such record. Put it to create it."));
}
