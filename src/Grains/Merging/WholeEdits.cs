using OrleansSync.Protocol;

namespace OrleansSync.Grains.Merging;

/// <summary>Edits of a live record whose data is one value: an edit wins or loses whole, field operations aside.</summary>
internal static class WholeEdits
{
    public static Decision Decide(Question question, MergeState state)
    {
        var data = NodeText.Read(question.Write.Data!);
        var intent = question.IsPut ? null : Intent.OfPatch(data);
        if (intent is { IsOperationsOnly: true }) return Operated(question, state, intent, []);
        if (question.Base is null && question.NeedsBase("")) return Answers.BaseRequired(question);
        if (intent is not null && Unfit(question, state, intent) is { } problem) return Answers.Invalid(question, problem);

        var wanted = question.IsPut ? data : MergePatch.Apply(state.Root, data, question.Now);
        var stands = state.Edited;
        if (!question.IsConcurrent(LatestChange(state.Root), stands, Node.SameValue(state.Root, wanted)))
            return Replaced(question, state, wanted, question.Own.Past(stands), []);

        switch (question.Settings.Policy)
        {
            case CollectionSettings.Reject:
                return Answers.Concurrent(question, [Verdict.Rejected("", stands)]);
            case CollectionSettings.Manual:
                return Waiting(question, state, intent, wanted, stands);
            case CollectionSettings.LastWriterWins:
                var incoming = question.Own > stands;
                var field = Verdict.OfStamps("", incoming, question.Own, stands);
                return incoming ? Replaced(question, state, wanted, question.Own, [field]) : Lost(question, state, intent, field);
            case var custom:
                return Resolved(question, state, intent, wanted, custom, stands);
        }
    }

    private static Decision Replaced(Question question, MergeState state, Node wanted, Stamp at, IReadOnlyList<FieldOutcome> fields)
    {
        var root = Registers.Fresh(state.Root, Bare(wanted), at, question.Mark)!;
        var after = state.Next(root, state.Erased);
        return Answers.NewVersion(question, after, fields, [], HistoryDiff.Between(state.Root, root));
    }

    // The values lost; operations in the same patch count all the same.
    private static Decision Lost(Question question, MergeState state, Intent? intent, FieldOutcome field) =>
        intent is not null && OperationsOf(intent) is { } operations
            ? Operated(question, state, operations, [field]) with { Wanted = Wanted.By(question) }
            : Answers.Superseded(question, state, [field]);

    // The data it leads to waits; operations in the same patch count all the same.
    private static Decision Waiting(Question question, MergeState state, Intent? intent, Node wanted, Stamp stands)
    {
        var root = intent is not null && OperationsOf(intent) is { } operations
            ? Registers.Fresh(state.Root, Bare(new Contest(question).Settle(state.Root, operations)), question.Own.Past(state.Edited), question.Mark)!
            : state.Root;
        return Holding.Decide(question, state, root, [new("", Bare(wanted))], [Verdict.Held("", stands)], Wanted.By(question));
    }

    private static Decision Resolved(
        Question question, MergeState state, Intent? intent, Node wanted, string policy, Stamp stands)
    {
        var verdict = CustomVerdict.Of(question, "", policy, Bare(wanted), state.Root, stands, []);
        var field = Verdict.ByPolicy("", verdict.Kept, policy, question.Own, stands);
        return verdict.Kept == Kept.Current || verdict.Value is not { IsObject: true } value
            ? Lost(question, state, intent, field with { Kept = Kept.Current })
            : Replaced(question, state, value, question.Own.Past(stands), [field]);
    }

    private static Decision Operated(Question question, MergeState state, Intent operations, IReadOnlyList<FieldOutcome> fields)
    {
        var contest = new Contest(question);
        var root = contest.Settle(state.Root, operations);
        if (contest.Problem is { } problem) return Answers.Invalid(question, problem);
        IReadOnlyList<FieldOutcome> concurrent = fields.Count > 0 || contest.Fields.Count == 0
            ? fields
            : [contest.Fields[0] with { Path = "" }];
        return Replaced(question, state, root, question.Own.Past(state.Edited), concurrent);
    }

    /// <summary>The data behind a tombstone after a patch: an earlier one than the data loses whole, operations aside.</summary>
    public static Node Patched(Question question, MergeState state, Node patch, Contest operations)
    {
        var operated = OperationsOf(Intent.OfPatch(patch)) is { } counting ? operations.Settle(state.Root, counting) : state.Root;
        if (operations.Problem is not null) return state.Root;
        if (question.Own > state.Edited) operated = MergePatch.Apply(state.Root, patch, question.Now);
        return ReferenceEquals(operated, state.Root)
            ? state.Root
            : Registers.Fresh(state.Root, Bare(operated), question.Own.Past(state.Edited), question.Mark)!;
    }

    private static Problem? Unfit(Question question, MergeState state, Intent intent)
    {
        if (OperationsOf(intent) is not { } operations) return null;
        var contest = new Contest(question);
        contest.Settle(state.Root, operations);
        return contest.Problem;
    }

    private static Intent? OperationsOf(Intent intent)
    {
        if (intent.Kind == IntentKind.Operate) return intent;
        var members = intent.Members
            .Select(member => (member.Name, Intent: OperationsOf(member.Intent)))
            .Where(member => member.Intent is not null)
            .Select(member => (member.Name, member.Intent!))
            .ToList();
        return members.Count == 0 ? null : new() { Kind = IntentKind.Object, Members = members };
    }

    private static Node Bare(Node node) => NodeText.Read(NodeText.Write(node));

    private static ChangeMark? LatestChange(Node node)
    {
        var latest = node.Changed;
        for (var place = 0; place < node.Members.Count; place++)
            if (LatestChange(node.Members.NodeAt(place)) is { } below && (latest is null || below.Version > latest.Version)) latest = below;
        return latest;
    }
}
