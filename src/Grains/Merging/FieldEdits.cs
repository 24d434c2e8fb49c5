using OrleansSync.Protocol;

namespace OrleansSync.Grains.Merging;

/// <summary>Edits of a live record, judged field by field.</summary>
internal static class FieldEdits
{
    public static Decision Decide(Question question, MergeState state)
    {
        var data = NodeText.Read(question.Write.Data!);
        if (LacksBase(question, state, data)) return Answers.BaseRequired(question);

        var contest = new Contest(question);
        var root = question.IsPut && question.Base is null
            ? contest.SettlePut(state.Root, data)
            : contest.Settle(state.Root, IntentOf(question, state, data));
        if (contest.Problem is { } problem) return Answers.Invalid(question, problem);
        if (contest.IsRejected) return Answers.Concurrent(question, contest.Fields);
        if (contest.Held.Count > 0) return Holding.Decide(question, state, root, contest);
        if (!contest.TookEffect) return Answers.Superseded(question, Quiet(state, root), contest.Fields);

        var after = state.Next(root, state.Erased, Untouched(question, root));
        return Answers.NewVersion(question, after, contest.Fields, contest.Wanted, HistoryDiff.Between(state.Root, after.Root));
    }

    private static Intent IntentOf(Question question, MergeState state, Node data) =>
        question.IsPut ? Intent.OfPut(data, Seen(question, state), state.Root) : Intent.OfPatch(data);

    /// <summary>What was there at the base: from history, else as far as the marks tell.</summary>
    private static Node? Seen(Question question, MergeState state)
    {
        if (question.Base == 0) return null;
        if (question.Base == state.Version) return state.Root;
        return question.BaseData is { } known ? NodeText.Read(known) : SeenByMarks(state.Root, question.Base!.Value);
    }

    private static Node? SeenByMarks(Node node, long version)
    {
        if (!node.IsObject || node.Members.Present == 0) return node.IsAbsent || node.Changed?.Version > version ? null : node;
        var names = new List<string>();
        var nodes = new List<Node>();
        for (var place = 0; place < node.Members.Count; place++)
            if (SeenByMarks(node.Members.NodeAt(place), version) is { } seen)
            {
                names.Add(node.Members.NameAt(place));
                nodes.Add(seen);
            }

        return nodes.Count == 0 ? null : new() { Kind = NodeKind.Object, Members = new([.. names], [.. nodes]) };
    }

    // A put that nothing outlived leaves exactly the text that was sent.
    private static byte[]? Untouched(Question question, Node root) =>
        question.IsPut && question.Base is null && ReferenceEquals(root.Ensured, question.Own) && ReferenceEquals(root.Wiped, question.Own)
            ? question.Write.Data
            : null;

    private static MergeState Quiet(MergeState state, Node root) =>
        ReferenceEquals(root, state.Root) ? state : state.Quietly(root, state.Erased);

    /// <summary>Under some policies, whoever changes what exists must say what they saw.</summary>
    private static bool LacksBase(Question question, MergeState state, Node data) =>
        question.Base is null && question.CanNeedBase && TouchesStrict(question, Intent.OfPatch(data), state.Root, [], question.IsPut);

    /// <summary>True when the record holds a value that nobody may remove without saying what they saw, or its own policy is such.</summary>
    public static bool IsStrict(Question question, MergeState state) =>
        question.NeedsBase("") || (question.CanNeedBase && TouchesStrict(question, null, state.Root, [], whole: true));

    private static bool TouchesStrict(Question question, Intent? intent, Node? node, List<string> at, bool whole)
    {
        if (node is null or { IsAbsent: true } || intent is { Kind: IntentKind.Operate }) return false;
        var goesBelow = node.IsObject && !whole && intent is { Kind: IntentKind.Object, Members.Count: > 0 };
        if (!goesBelow && node.Members.Present == 0) return question.NeedsBase(Path(at));
        foreach (var name in goesBelow ? intent!.Members.Select(member => member.Name) : NamesIn(node))
        {
            at.Add(name);
            var member = intent?.Members.FirstOrDefault(member => member.Name == name).Intent;
            var touches = TouchesStrict(question, member, node.Members.Find(name), at, whole);
            at.RemoveAt(at.Count - 1);
            if (touches) return true;
        }

        return false;
    }

    private static IEnumerable<string> NamesIn(Node node)
    {
        for (var place = 0; place < node.Members.Count; place++) yield return node.Members.NameAt(place);
    }

    private static string Path(List<string> at) => FieldPath.TextOf(at);
}
