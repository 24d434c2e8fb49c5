namespace OrleansSync.Grains.Merging;

internal enum EditKind : byte { Through, Replace, Ensure }

/// <summary>What is to be done to the registers at one place, or below it, with the stamp each part has in the end.</summary>
internal sealed class Edit
{
    public required EditKind Kind { get; init; }

    /// <summary>For replacing: the value, null to remove. A bare node.</summary>
    public Node? Value { get; init; }

    /// <summary>When it counts as made; for a way through, the latest stamp of what is below it that needs it to be an object.</summary>
    public Stamp? Stamp { get; set; }

    public List<(string Name, Edit Edit)> Below { get; } = [];

    public static Edit Replace(Node? value, Stamp at) => new() { Kind = EditKind.Replace, Value = value, Stamp = at };

    public static Edit Ensure(Stamp at) => new() { Kind = EditKind.Ensure, Stamp = at };

    public static Edit Through() => new() { Kind = EditKind.Through };

    /// <summary>Replaces what is at a path, from here down.</summary>
    public static Edit At(IReadOnlyList<string> path, Node? value, Stamp stamp, int from = 0)
    {
        if (from == path.Count) return Replace(value, stamp);
        var through = Through();
        through.Add(path[from], At(path, value, stamp, from + 1));
        return through;
    }

    public void Add(string name, Edit edit)
    {
        Below.Add((name, edit));
        Stamp = Merging.Stamp.Later(Stamp, edit.Stamp);
    }
}
