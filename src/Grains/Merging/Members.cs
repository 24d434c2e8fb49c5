namespace OrleansSync.Grains.Merging;

/// <summary>The members of an object in the order of its text. Never changes. Names are unescaped.</summary>
internal sealed class Members
{
    // Below this many, looking at each is faster than a table.
    private const int FewEnough = 8;

    public static readonly Members None = new([], []);

    private readonly string[] _names;
    private readonly Node[] _nodes;
    private Dictionary<string, int>? _index;

    public Members(string[] names, Node[] nodes)
    {
        _names = names;
        _nodes = nodes;
        foreach (var node in nodes)
        {
            Removals += node.Removals;
            if (!node.IsAbsent) Present++;
        }
    }

    public int Count => _names.Length;

    /// <summary>How many have a value.</summary>
    public int Present { get; }

    /// <summary>How many removals are remembered among them and below.</summary>
    public int Removals { get; }

    public string NameAt(int place) => _names[place];
    public Node NodeAt(int place) => _nodes[place];

    public Node? Find(string name)
    {
        var place = PlaceOf(name);
        return place < 0 ? null : _nodes[place];
    }

    public int PlaceOf(string name)
    {
        if (_names.Length <= FewEnough) return Array.IndexOf(_names, name);
        var index = _index ??= Index();
        return index.TryGetValue(name, out var place) ? place : -1;
    }

    private Dictionary<string, int> Index()
    {
        var index = new Dictionary<string, int>(_names.Length);
        for (var place = 0; place < _names.Length; place++) index.Add(_names[place], place);
        return index;
    }

    /// <summary>The same names with other nodes, one for each.</summary>
    public Members With(Node[] nodes) => nodes.Length == 0 ? None : new(_names, nodes);

    public static bool SameValues(Members a, Members b)
    {
        if (a.Present != b.Present) return false;
        for (var place = 0; place < a.Count; place++)
            if (!a._nodes[place].IsAbsent && !Node.SameValue(a._nodes[place], b.Find(a._names[place]))) return false;
        return true;
    }

    /// <summary>Collects changes to members and gives the same members back when nothing changed.</summary>
    internal sealed class Builder(Members members)
    {
        private Node[]? _nodes;
        private List<(string Name, Node Node)>? _added;

        public void Set(string name, Node? node)
        {
            if (node is null) return;
            var place = members.PlaceOf(name);
            if (place < 0)
                (_added ??= []).Add((name, node));
            else if (!ReferenceEquals(members._nodes[place], node))
                (_nodes ??= (Node[])members._nodes.Clone())[place] = node;
        }

        public Members Build()
        {
            if (_added is null) return _nodes is null ? members : new(members._names, _nodes);
            return new(
                [.. members._names, .. _added.Select(added => added.Name)],
                [.. _nodes ?? members._nodes, .. _added.Select(added => added.Node)]);
        }
    }
}
