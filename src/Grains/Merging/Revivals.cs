using OrleansSync.Protocol;

namespace OrleansSync.Grains.Merging;

/// <summary>Edits that meet a tombstone: a put creates anew, a patch counts only if its author had not seen the delete and came later.</summary>
internal static class Revivals
{
    public static Decision Decide(Question question, MergeState state)
    {
        var data = NodeText.Read(question.Write.Data!);
        var seen = question.Base >= state.Version;
        if (!question.IsPut && (question.Write.Timestamp is null || seen || LacksBase(question, state, data))) return Answers.Gone(question);

        var erased = state.Erased!;
        var isKnown = seen || IsOwnEarlier(question, erased);
        var isUnseen = !isKnown && (question.Base is not null || erased > question.Own);
        if (isUnseen && Touches(question, state, data, path => question.PolicyOf(path) == CollectionSettings.Reject))
            return Answers.Concurrent(question, [Verdict.Rejected("", erased, "deleted")]);
        if (isUnseen && Touches(question, state, data, path => question.PolicyOf(path) == CollectionSettings.Manual))
            return Held(question, state, data);

        var own = isKnown ? question.Own.Past(state.Latest) : question.Own;
        var contest = new Contest(question);
        var root = question.IsPut ? Registers.Replace(state.Root, data, own, question.Mark)
            : IsWhole(question) ? WholeEdits.Patched(question, state, data, contest)
            : contest.Settle(state.Root, Intent.OfPatch(data));
        if (contest.Problem is { } problem) return Answers.Invalid(question, problem);
        if (contest.IsRejected) return Answers.Concurrent(question, contest.Fields);
        if (contest.Held.Count > 0) return Held(question, state, data);
        return own > erased ? Shown(question, state, root, contest, isUnseen) : Hidden(question, state, root);
    }

    private static bool LacksBase(Question question, MergeState state, Node data) =>
        question.Base is null && (question.NeedsBase("") || Touches(question, state, data, question.NeedsBase));

    private static Decision Shown(Question question, MergeState state, Node root, Contest contest, bool isUnseen)
    {
        List<FieldOutcome> fields = isUnseen ? [Verdict.OfStamps("", true, question.Own, state.Erased!, "deleted")] : [];
        if (!IsWhole(question)) fields.AddRange(contest.Fields);
        var after = state.Next(root, state.Erased);
        return Answers.NewVersion(question, after, fields, contest.Wanted, HistoryDiff.Between(null, root));
    }

    /// <summary>The delete is later. What the edit says is kept behind the tombstone, for a still later edit to show.</summary>
    private static Decision Hidden(Question question, MergeState state, Node root)
    {
        var erased = state.Erased!;
        // An operation moved the hidden data past the delete by a tick; the delete stays the later one.
        if (root.Ensured! > erased) erased = erased with { At = root.Ensured!.At.Next };
        var quiet = ReferenceEquals(root, state.Root) ? state : state.Quietly(root, erased);
        return Answers.Superseded(question, quiet, [Verdict.OfStamps("", false, question.Own, state.Erased!, "deleted")]);
    }

    /// <summary>A person decides between the delete and the data that the edit leads to.</summary>
    private static Decision Held(Question question, MergeState state, Node data)
    {
        var leadsTo = question.IsPut ? data : NodeText.Read(NodeText.Write(MergePatch.Apply(state.Root, data, question.Now)));
        return Holding.Decide(
            question, state, state.Root, [new("", leadsTo)], [Verdict.Held("", state.Erased!, "deleted")], Wanted.By(question));
    }

    // Nobody conflicts with their own earlier delete either.
    private static bool IsOwnEarlier(Question question, Stamp erased) =>
        question.Base is not null && erased.Client is not null
        && erased.Author == question.Write.Author && erased.Client == question.Write.Client && erased.At <= question.Sent;

    private static bool IsWhole(Question question) => question.Settings.Granularity == Granularity.Record;

    /// <summary>Whether the edit touches a value of such a path: a put also all that is hidden.</summary>
    private static bool Touches(Question question, MergeState state, Node data, Func<string, bool> such)
    {
        if (!question.CanNeedBase) return false;
        if (IsWhole(question)) return such("") && (question.IsPut || !Intent.OfPatch(data).IsOperationsOnly);
        return question.IsPut
            ? such("") || Any(data, [], such) || Any(state.Root, [], such)
            : Any(data, [], such);
    }

    private static bool Any(Node node, List<string> at, Func<string, bool> such)
    {
        if (node.IsAbsent || FieldOperation.Read(node) is not null) return false;
        if (!node.IsObject || node.Members.Present == 0) return such(FieldPath.TextOf(at));
        for (var place = 0; place < node.Members.Count; place++)
        {
            at.Add(node.Members.NameAt(place));
            var any = Any(node.Members.NodeAt(place), at, such);
            at.RemoveAt(at.Count - 1);
            if (any) return true;
        }

        return false;
    }
}
