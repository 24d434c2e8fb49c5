using OrleansSync.Protocol;

namespace OrleansSync.Grains.Merging;

/// <summary>Gives older data back from newer data and what history says of the step between.</summary>
internal static class HistoryUndo
{
    /// <param name="data">The live data after the changes; null for a tombstone.</param>
    /// <returns>The live data before them; null when there was no live record.</returns>
    public static byte[]? Undo(byte[]? data, IReadOnlyList<PathChange> changes)
    {
        if (changes.Count == 0) return data;
        var root = new Draft(data is null ? Node.EmptyObject : NodeText.Read(data));
        foreach (var change in changes) root.Remove(FieldPath.Parse(change.Path).Segments, 0);
        foreach (var change in changes)
            if (change.From is { } from) root.Set(FieldPath.Parse(change.Path).Segments, 0, NodeText.Read(from));

        // Data that held nothing says so in a change of the root; without one there was no data.
        var before = root.ToNode();
        return before.Members.Count > 0 ? NodeText.Write(before) : changes.FirstOrDefault(change => change.Path == "")?.From;
    }

    /// <summary>Data while it is being undone: values by path; an object is there as long as it holds something, or was put there empty.</summary>
    private sealed class Draft
    {
        private readonly Node? _leaf;
        private readonly List<string> _order = [];
        private readonly Dictionary<string, Draft> _members = [];

        public Draft(Node node)
        {
            if (!node.IsObject || node.Members.Count == 0) _leaf = node;
            for (var place = 0; place < node.Members.Count; place++) Put(node.Members.NameAt(place), new(node.Members.NodeAt(place)));
        }

        private bool IsEmptyObject => _members.Count == 0 && _leaf is null or { IsObject: true };

        /// <summary>Takes the value at the path away. True when nothing is left here.</summary>
        public bool Remove(IReadOnlyList<string> path, int from)
        {
            if (from == path.Count) return _members.Count == 0;
            if (_members.TryGetValue(path[from], out var member) && member.Remove(path, from + 1)) Take(path[from]);
            return _members.Count == 0 && _leaf is null;
        }

        public void Set(IReadOnlyList<string> path, int from, Node value)
        {
            if (from == path.Count) return;
            var name = path[from];
            if (from == path.Count - 1 && !(value.IsObject && _members.ContainsKey(name))) Put(name, new(value));
            else
            {
                if (!_members.TryGetValue(name, out var member) || member is { _leaf.IsObject: false }) Put(name, member = new(Node.EmptyObject));
                member.Set(path, from + 1, value);
            }
        }

        public Node ToNode()
        {
            if (_members.Count == 0) return IsEmptyObject ? Node.EmptyObject : _leaf!;
            return new() { Kind = NodeKind.Object, Members = new([.. _order], [.. _order.Select(name => _members[name].ToNode())]) };
        }

        private void Put(string name, Draft draft)
        {
            if (!_members.ContainsKey(name)) _order.Add(name);
            _members[name] = draft;
        }

        private void Take(string name)
        {
            _members.Remove(name);
            _order.Remove(name);
        }
    }
}
