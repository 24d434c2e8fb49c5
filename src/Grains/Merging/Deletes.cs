using OrleansSync.Protocol;

namespace OrleansSync.Grains.Merging;

/// <summary>
/// Deletes: of delete and edit the later wins, unless a value that the deleter had not seen has a policy by which whoever comes second is
/// refused, or waits. While a record has an open conflict every delete waits: it would sweep the candidates away.
/// </summary>
internal static class Deletes
{
    public static Decision Decide(Question question, MergeState state)
    {
        if (state.Deleted) return OfTombstone(question, state);
        if (question.Base is null && FieldEdits.IsStrict(question, state)) return Answers.BaseRequired(question);

        var unseen = question.Base is null ? default : Unseen(question, state.Root, []);
        if (unseen.Rejecting is { } refuses) return Answers.Concurrent(question, [Verdict.Rejected("", refuses)]);
        if (!question.Write.Purge && (unseen.Waiting is not null || state.Conflict is not null)) return Held(question, state, unseen.Waiting);

        var stands = unseen.Latest ?? (question.Base is null && state.Edited > question.Own ? state.Edited : null);
        if (stands is null) return Deleted(question, state, question.Own.Past(state.Edited), []);
        var incoming = question.Own > state.Edited;
        var field = Verdict.OfStamps("", incoming, question.Own, state.Edited);
        return incoming
            ? Deleted(question, state, question.Own, [field])
            : Answers.Superseded(question, state, [field]);
    }

    private static Decision Deleted(Question question, MergeState state, Stamp erased, IReadOnlyList<FieldOutcome> fields) => question.Write.Purge
        ? Answers.NewVersion(question, state.Next(Emptied(state.Root, erased), erased, conflict: null), fields, [], [])
        : Answers.NewVersion(question, state.Next(state.Root, erased, state.Text), fields, [], HistoryDiff.Between(state.Root, null));

    private static Decision Held(Question question, MergeState state, Stamp? waits)
    {
        var field = waits is not null ? Verdict.Held("", waits) : Verdict.Joined(state.Conflict!);
        return Holding.Decide(question, state, state.Root, [new("", null)], [field], Wanted.By(question));
    }

    /// <summary>Nothing to see, but a later delete stays the later one, and a purge forgets also what is hidden.</summary>
    private static Decision OfTombstone(Question question, MergeState state)
    {
        var erased = Stamp.Later(state.Erased, question.Base is null ? question.Own : question.Own.Past(state.Erased!))!;
        if (question.Write.Purge && state.Conflict is not null)
            return Answers.NewVersion(question, state.Next(Emptied(state.Root, erased), erased, conflict: null), [], [], []);
        var root = question.Write.Purge ? Emptied(state.Root, erased) : state.Root;
        var unchanged = ReferenceEquals(erased, state.Erased) && ReferenceEquals(root, state.Root);
        return new()
        {
            Outcome = Outcome.Applied,
            State = unchanged ? state : state.Quietly(root, erased, question.Write.Purge ? null : state.Text),
            Timestamp = question.Sent,
        };
    }

    private static Node Emptied(Node root, Stamp erased) =>
        new() { Kind = NodeKind.Object, Wiped = erased, Ensured = root.Ensured, Changed = root.Changed };

    /// <summary>The latest edits here and below that the deleter, who says what they saw, had not seen: of all, and of those with a policy of their own.</summary>
    private static (Stamp? Latest, Stamp? Rejecting, Stamp? Waiting) Unseen(Question question, Node node, List<string> at)
    {
        (Stamp? Latest, Stamp? Rejecting, Stamp? Waiting) unseen = default;
        if (question.IsConcurrent(node.Changed, null, false))
        {
            var policy = question.CanNeedBase ? question.PolicyOf(FieldPath.TextOf(at)) : null;
            unseen = (node.LatestStamp, policy == CollectionSettings.Reject ? node.LatestStamp : null, policy == CollectionSettings.Manual ? node.LatestStamp : null);
        }

        for (var place = 0; place < node.Members.Count; place++)
        {
            at.Add(node.Members.NameAt(place));
            var below = Unseen(question, node.Members.NodeAt(place), at);
            at.RemoveAt(at.Count - 1);
            unseen = (Stamp.Later(unseen.Latest, below.Latest), Stamp.Later(unseen.Rejecting, below.Rejecting), Stamp.Later(unseen.Waiting, below.Waiting));
        }

        return unseen;
    }
}
