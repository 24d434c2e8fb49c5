using OrleansSync.Protocol;

namespace OrleansSync.Grains.Merging;

/// <summary>Edits that meet a tombstone: a put creates anew, a patch counts only if its author had not seen the delete and came later.</summary>
internal static class Revivals
{
    public static Decision Decide(Question question, MergeState state)
    {
        var seen = question.Base >= state.Version;
        if (!question.IsPut && (question.Write.Timestamp is null || seen || (question.Base is null && Rejects(question))))
            return Answers.Gone(question);

        var erased = state.Erased!;
        var isKnown = seen || IsOwnEarlier(question, erased);
        var own = isKnown ? question.Own.Past(state.Latest) : question.Own;
        var isUnseen = !isKnown && (question.Base is not null || erased > own);
        if (isUnseen && Rejects(question)) return Answers.Concurrent(question, [Refused(erased)]);

        var data = NodeText.Read(question.Write.Data!);
        var contest = new Contest(question);
        var root = question.IsPut ? Registers.Replace(state.Root, data, own, question.Mark)
            : IsWhole(question) ? WholeEdits.Patched(question, state, data, contest)
            : contest.Settle(state.Root, Intent.OfPatch(data));
        if (contest.Problem is { } problem) return Answers.Invalid(question, problem);
        if (contest.IsRejected) return Answers.Concurrent(question, contest.Fields);
        return own > erased ? Shown(question, state, root, contest, isUnseen) : Hidden(question, state, root);
    }

    private static Decision Shown(Question question, MergeState state, Node root, Contest contest, bool isUnseen)
    {
        List<FieldOutcome> fields = isUnseen ? [Verdict.OfStamps("", true, question.Own, state.Erased!)] : [];
        if (!IsWhole(question)) fields.AddRange(contest.Fields);
        var after = MergeState.At(state.Id, state.Version + 1, root, state.Erased);
        return Answers.NewVersion(question, after, fields, HistoryDiff.Between(null, root));
    }

    /// <summary>The delete is later. What the edit says is kept behind the tombstone, for a still later edit to show.</summary>
    private static Decision Hidden(Question question, MergeState state, Node root)
    {
        var erased = state.Erased!;
        // An operation moved the hidden data past the delete by a tick; the delete stays the later one.
        if (root.Ensured! > erased) erased = erased with { At = root.Ensured!.At.Next };
        var quiet = ReferenceEquals(root, state.Root) ? state : MergeState.At(state.Id, state.Version, root, erased);
        return Answers.Superseded(question, quiet, [Verdict.OfStamps("", false, question.Own, state.Erased!)]);
    }

    // Nobody conflicts with their own earlier delete either.
    private static bool IsOwnEarlier(Question question, Stamp erased) =>
        question.Base is not null && erased.Client is not null
        && erased.Author == question.Write.Author && erased.Client == question.Write.Client && erased.At <= question.Sent;

    private static bool IsWhole(Question question) => question.Settings.Granularity == Granularity.Record;

    private static bool Rejects(Question question) => question.PolicyOf("") == CollectionSettings.Reject;

    private static FieldOutcome Refused(Stamp erased) =>
        new("", Kept.Current, CollectionSettings.Reject, $"deleted {erased.At} by {erased.Author}, which this write had not seen");
}
