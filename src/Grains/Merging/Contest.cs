using OrleansSync.Protocol;

namespace OrleansSync.Grains.Merging;

/// <summary>
/// Holds what a write wants against what stands, path by path: which paths are concurrent, what their policy makes of it, and with which
/// stamps the write's parts take effect (protocol §4.2, §4.3).
/// </summary>
internal sealed partial class Contest(Question question)
{
    private readonly List<string> _at = [];
    private readonly List<FieldOutcome> _fields = [];
    private readonly List<HeldValue> _held = [];
    private readonly List<PathChange> _wanted = [];
    private readonly List<(string[] At, Node? Value, Stamp Stamp)> _afterwards = [];

    /// <summary>What became of the concurrent paths.</summary>
    public IReadOnlyList<FieldOutcome> Fields => _fields;

    /// <summary>What a person is to decide.</summary>
    public IReadOnlyList<HeldValue> Held => _held;

    /// <summary>What the write wanted at the concurrent paths where it does not stand.</summary>
    public IReadOnlyList<PathChange> Wanted => _wanted;

    /// <summary>True when something the write asked for is so, because of it.</summary>
    public bool TookEffect { get; private set; }

    /// <summary>True when the policy of a concurrent path rejects the whole write.</summary>
    public bool IsRejected { get; private set; }

    /// <summary>Set when an operation meets a value it cannot be applied to.</summary>
    public Problem? Problem { get; private set; }

    /// <summary>Judges a patch, or a put that counts as one, and carries out what takes effect.</summary>
    public Node Settle(Node root, Intent intent)
    {
        var edit = Judge(intent, root, null, root.Wiped!);
        return CarryOut(root, edit);
    }

    private Node CarryOut(Node root, Edit? edit)
    {
        if (IsRejected || Problem is not null) return root;
        var before = root;
        if (edit is not null) root = Registers.Apply(root, edit, root.Wiped!, question.Mark)!;
        foreach (var (at, value, stamp) in _afterwards)
            root = Registers.Apply(root, Edit.At(at, value, stamp), root.Wiped!, question.Mark)!;
        return _afterwards.Count == 0 ? root : Registers.Unchanged(before, root);
    }

    // ---- patches

    /// <param name="cover">The leaf or removal above, where the way down ends before the path does.</param>
    private Edit? Judge(Intent intent, Node? node, Node? cover, Stamp inherited) => intent.Kind switch
    {
        IntentKind.Operate => JudgeOperation(intent.Operation!, node, cover, inherited),
        IntentKind.Set => JudgeReplace(intent.Value, node, cover, inherited),
        IntentKind.Remove => JudgeReplace(null, node, cover, inherited),
        _ when intent.Members.Count == 0 => JudgeEnsure(node, cover, inherited),
        _ => JudgeMembers(intent, node, cover, inherited),
    };

    private Edit? JudgeMembers(Intent intent, Node? node, Node? cover, Stamp inherited)
    {
        if (node is { IsObject: false }) (cover, node) = (node, null);
        var through = Edit.Through();
        foreach (var (name, member) in intent.Members)
        {
            _at.Add(name);
            if (Judge(member, node?.Members.Find(name), cover, node?.Wiped ?? inherited) is { } edit) through.Add(name, edit);
            _at.RemoveAt(_at.Count - 1);
        }

        return through.Below.Count == 0 ? null : through;
    }

    private Edit? JudgeReplace(Node? value, Node? node, Node? cover, Stamp inherited)
    {
        if (node is { IsObject: true }) return JudgeReplaceObject(value, node);
        var subject = node ?? cover;
        var stands = subject?.Wiped ?? inherited;
        var same = Node.SameValue(node, value);
        if (!question.IsConcurrent(subject?.Changed, stands, same))
        {
            TookEffect = true;
            return Edit.Replace(value, same ? Stamp.Later(question.Own, stands)! : question.Own.Past(stands));
        }

        return Decide(value, node, stands) ? Edit.Replace(value, question.Own) : null;
    }

    private Edit? JudgeEnsure(Node? node, Node? cover, Stamp inherited)
    {
        var subject = node ?? cover;
        var stands = subject?.Wiped ?? inherited;
        if (!question.IsConcurrent(node is { IsObject: true } ? null : subject?.Changed, stands, false))
        {
            TookEffect = true;
            return Edit.Ensure(question.Own.Past(stands));
        }

        return Decide(Node.EmptyObject, node, stands) ? Edit.Ensure(question.Own) : null;
    }

    /// <summary>Replacing or removing an object touches every value in it, and each of those has its own say.</summary>
    private Edit? JudgeReplaceObject(Node? value, Node node)
    {
        if (Unseen(CollectionSettings.Manual, node) is { } waits) return JudgeAroundHeld(value, node, waits);

        var outrun = node.LatestStamp!;
        var seen = new List<(string[] At, Stamp Stamp)>();
        var (decidedElsewhere, isEmpty) = (_afterwards.Count, node.Members.Present == 0);
        var unseen = isEmpty ? Unseen(node, outrun) : JudgeLeaves(node, seen);
        if (unseen is null && (question.Base is not null || question.Own > outrun))
        {
            TookEffect = true;
            return Edit.Replace(value, question.Own.Past(outrun));
        }

        if (value is not null || isEmpty) Decide(value, node, unseen ?? outrun);
        if (question.Base is null) return Edit.Replace(value, question.Own);
        // Later than all that was not seen, it replaces the rest as what was seen.
        if (question.Own > unseen && _afterwards.Count == decidedElsewhere) return Edit.Replace(value, question.Own.Past(outrun));
        foreach (var (at, stamp) in seen)
            if (stamp > question.Own) _afterwards.Add((at, null, question.Own.Past(stamp)));
        return Edit.Replace(value, question.Own);
    }

    /// <summary>
    /// A person must decide over something in the object: a value for the whole of it waits as one, and nothing of it is touched; where it is
    /// to go, the rest goes.
    /// </summary>
    private Edit? JudgeAroundHeld(Node? value, Node node, Stamp waits)
    {
        if (Unseen(CollectionSettings.Reject, node) is { } refuses) Refuse(Path, refuses);
        if (value is not null || node.Members.Present == 0)
        {
            Hold(Path, value, node, waits);
            return null;
        }

        var through = Edit.Through();
        for (var place = 0; place < node.Members.Count; place++)
        {
            if (node.Members.NodeAt(place).IsAbsent) continue;
            _at.Add(node.Members.NameAt(place));
            if (JudgeReplace(null, node.Members.NodeAt(place), null, node.Wiped!) is { } edit) through.Add(node.Members.NameAt(place), edit);
            _at.RemoveAt(_at.Count - 1);
        }

        return through.Below.Count == 0 ? null : through;
    }

    /// <summary>The latest of the values in here that the writer had not seen, of those with this policy.</summary>
    private Stamp? Unseen(string policy, Node node)
    {
        if (!question.Knows(policy)) return null;
        if (!node.IsObject || node.Members.Present == 0)
            return question.PolicyOf(Path) == policy ? Unseen(node, node.LatestStamp!) : null;
        Stamp? latest = null;
        for (var place = 0; place < node.Members.Count; place++)
        {
            if (node.Members.NodeAt(place).IsAbsent) continue;
            _at.Add(node.Members.NameAt(place));
            latest = Stamp.Later(latest, Unseen(policy, node.Members.NodeAt(place)));
            _at.RemoveAt(_at.Count - 1);
        }

        return latest;
    }

    private Stamp? Unseen(Node node, Stamp stands) => question.IsConcurrent(node.Changed, stands, false) ? stands : null;

    /// <summary>Judges the removal of every value below; collects those that are not concurrent. The latest of those that are, if any.</summary>
    private Stamp? JudgeLeaves(Node node, List<(string[] At, Stamp Stamp)> seen)
    {
        if (node.IsObject && node.Members.Present > 0)
        {
            Stamp? latest = null;
            for (var place = 0; place < node.Members.Count; place++)
            {
                if (node.Members.NodeAt(place).IsAbsent) continue;
                _at.Add(node.Members.NameAt(place));
                latest = Stamp.Later(latest, JudgeLeaves(node.Members.NodeAt(place), seen));
                _at.RemoveAt(_at.Count - 1);
            }

            return latest;
        }

        var stands = node.LatestStamp!;
        if (Unseen(node, stands) is { } unseen)
        {
            Decide(null, node, stands);
            return unseen;
        }

        TookEffect = true;
        seen.Add(([.. _at], stands));
        return null;
    }

    private Edit? JudgeOperation(FieldOperation operation, Node? node, Node? cover, Stamp inherited)
    {
        var result = cover is { Kind: NodeKind.Leaf } || node is { IsObject: true }
            ? null
            : operation.Apply(node is { Kind: NodeKind.Leaf } ? node.Raw : (ReadOnlyMemory<byte>?)null, question.Now);
        if (result is null)
        {
            Problem ??= new(Codes.TypeMismatch, $"The operation on '{Path}' does not fit the value that stands there.");
            return null;
        }

        var subject = node ?? cover;
        var stands = subject?.Wiped ?? inherited;
        if (question.IsConcurrent(subject?.Changed, stands, false))
            _fields.Add(Verdict.Operated(Path, stands));
        TookEffect = true;
        return Edit.Replace(new() { Kind = NodeKind.Leaf, Raw = result }, question.Own.Past(stands));
    }

    private string Path => FieldPath.TextOf(_at);
}
