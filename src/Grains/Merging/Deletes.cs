using OrleansSync.Protocol;

namespace OrleansSync.Grains.Merging;

/// <summary>Deletes: of delete and edit the later wins, unless the policy is that whoever comes second is refused.</summary>
internal static class Deletes
{
    public static Decision Decide(Question question, MergeState state)
    {
        if (state.Deleted) return OfTombstone(question, state);
        if (question.Base is null && FieldEdits.HoldsRejecting(question, state)) return Answers.BaseRequired(question);

        var stands = LatestUnseen(question, state.Root) ?? (question.Base is null && state.Edited > question.Own ? state.Edited : null);
        if (stands is null) return Deleted(question, state, question.Own.Past(state.Edited), []);
        if (FieldEdits.HoldsRejecting(question, state)) return Answers.Concurrent(question, [Refused(stands)]);

        var incoming = question.Own > state.Edited;
        var field = Verdict.OfStamps("", incoming, question.Own, state.Edited);
        return incoming
            ? Deleted(question, state, question.Own, [field])
            : Answers.Superseded(question, state, [field]);
    }

    private static Decision Deleted(Question question, MergeState state, Stamp erased, IReadOnlyList<FieldOutcome> fields)
    {
        var root = question.Write.Purge ? Emptied(state.Root, erased) : state.Root;
        var after = MergeState.At(state.Id, state.Version + 1, root, erased, question.Write.Purge ? null : state.Text);
        return Answers.NewVersion(question, after, fields, question.Write.Purge ? [] : HistoryDiff.Between(state.Root, null));
    }

    /// <summary>Nothing to see, but a later delete stays the later one, and a purge forgets also what is hidden.</summary>
    private static Decision OfTombstone(Question question, MergeState state)
    {
        var erased = Stamp.Later(state.Erased, question.Base is null ? question.Own : question.Own.Past(state.Erased!))!;
        var root = question.Write.Purge ? Emptied(state.Root, erased) : state.Root;
        var unchanged = ReferenceEquals(erased, state.Erased) && ReferenceEquals(root, state.Root);
        return new()
        {
            Outcome = Outcome.Applied,
            State = unchanged ? state : MergeState.At(state.Id, state.Version, root, erased, question.Write.Purge ? null : state.Text),
            Timestamp = question.Sent,
        };
    }

    private static Node Emptied(Node root, Stamp erased) =>
        new() { Kind = NodeKind.Object, Wiped = erased, Ensured = root.Ensured, Changed = root.Changed };

    private static FieldOutcome Refused(Stamp stands) =>
        new("", Kept.Current, CollectionSettings.Reject, $"{Verdict.Whose(stands)}, which this delete had not seen");

    /// <summary>The latest edit below that the deleter, who says what they saw, had not seen.</summary>
    private static Stamp? LatestUnseen(Question question, Node node)
    {
        if (question.Base is null) return null;
        var unseen = question.IsConcurrent(node.Changed, null, false) ? node.LatestStamp : null;
        for (var place = 0; place < node.Members.Count; place++)
            unseen = Stamp.Later(unseen, LatestUnseen(question, node.Members.NodeAt(place)));
        return unseen;
    }
}
