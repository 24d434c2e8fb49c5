namespace OrleansSync.Histories;

/// <summary>The order of one record's writes as the server claims it, and what each version must show by it.</summary>
internal sealed class RecordOrder
{
    private readonly Dictionary<string, long> _versions = [];
    private readonly IReadOnlyDictionary<string, Call> _asked;

    public RecordOrder(string record, IReadOnlyList<Made> made, IReadOnlyDictionary<string, Call> asked)
    {
        (Record, Made, _asked) = (record, [.. made.OrderBy(each => each.Version)], asked);
        foreach (var each in Made) _versions.TryAdd(each.Write, each.Version);
        Last = Made.Count == 0 ? 0 : Made[^1].Version;
    }

    public string Record { get; }

    /// <summary>By version.</summary>
    public IReadOnlyList<Made> Made { get; }

    /// <summary>The version that it ended with; 0 = it never was.</summary>
    public long Last { get; }

    /// <summary>The version that the write made; null = none.</summary>
    public long? VersionOf(string write) => _versions.TryGetValue(write, out var version) ? version : null;

    /// <summary>The call that asked for the write, if anybody did, of whatever record.</summary>
    public Call? CallOf(string write) => _asked.GetValueOrDefault(write);

    /// <summary>What is wrong with a showing, if anything: it must be exactly the writes up to its version.</summary>
    public Breach? Fault(Showing shown, string where)
    {
        if (shown.Version > Last) return new(Flaw.Lost, $"{where} shows {Record} at version {shown.Version}, and it ended at {Last}.");
        var there = shown.Writes.ToHashSet();
        if (there.Count < shown.Writes.Count) return new(Flaw.Twice, $"{where} shows {Record} at version {shown.Version} with a write that is in it twice.");
        foreach (var made in Made)
        {
            if (made.Version > shown.Version) break;
            if (!there.Remove(made.Write)) return new(Flaw.Torn, $"{where} shows {Record} at version {shown.Version} without {made.Write}, which is version {made.Version}.");
        }
        if (there.FirstOrDefault() is { } other) return new(Flaw.Torn, $"{where} shows {Record} at version {shown.Version} with {other}, which is {Described(other)}.");
        if (shown.Count == shown.Version) return null;
        return shown.Count > shown.Version
            ? new(Flaw.Twice, $"{where} shows {Record} at version {shown.Version}, and {shown.Count} writes are counted: one counted twice.")
            : new(Flaw.Torn, $"{where} shows {Record} at version {shown.Version}, and only {shown.Count} writes are counted.");
    }

    private string Described(string write) => VersionOf(write) is { } version ? $"version {version}" : "no version of it";
}
