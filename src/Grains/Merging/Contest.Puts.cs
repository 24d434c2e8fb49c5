using OrleansSync.Protocol;

namespace OrleansSync.Grains.Merging;

/// <summary>Puts without a base: they touch every path there could be, and of what is later than they are stays what it is.</summary>
internal sealed partial class Contest
{
    /// <summary>Judges a put by somebody who does not say what they saw: all there is, is replaced or removed by it.</summary>
    public Node SettlePut(Node root, Node data)
    {
        JudgePut(data, root, root.Wiped!);
        TookEffect |= _fields.Count == 0 && !question.IsConcurrent(root.Changed, root.Wiped, false);
        return CarryOut(root, Edit.Replace(data, question.Own));
    }

    private void JudgePut(Node? data, Node? node, Stamp inherited)
    {
        if (data is not { IsObject: true } || node is not { IsObject: true } || (data.Members.Present == 0 && node.Members.Present == 0))
        {
            JudgePutValue(data, node, inherited);
            return;
        }

        for (var place = 0; place < data.Members.Count; place++)
            JudgePutMember(data.Members.NameAt(place), data.Members.NodeAt(place), node);
        for (var place = 0; place < node.Members.Count; place++)
            if (!node.Members.NodeAt(place).IsAbsent && data.Members.PlaceOf(node.Members.NameAt(place)) < 0)
                JudgePutMember(node.Members.NameAt(place), null, node);
    }

    private void JudgePutMember(string name, Node? data, Node parent)
    {
        _at.Add(name);
        JudgePut(data, parent.Members.Find(name), parent.Wiped!);
        _at.RemoveAt(_at.Count - 1);
    }

    private void JudgePutValue(Node? data, Node? node, Stamp inherited)
    {
        if (node is { IsObject: true, Members.Present: > 0 })
        {
            JudgeLeaves(node, []);
            if (data is not null && node.Ensured > question.Own) Decide(data, node, node.Ensured!);
            return;
        }

        var stands = node?.LatestStamp ?? inherited;
        if (question.IsConcurrent(node?.Changed, stands, false)) Decide(data, node, stands);
        else TookEffect = true;
    }
}
