namespace OrleansSync.Histories.Tests;

/// <summary>A store that keeps every promise, in a few lines: one list of writes for each record, one feed, and answers that are remembered.</summary>
internal sealed class ModelStore
{
    private readonly SortedDictionary<string, List<string>> _records = [];
    private readonly Dictionary<string, Answer> _answers = [];
    private readonly Dictionary<string, long> _places = [];

    public long Head { get; private set; }

    public IReadOnlyDictionary<string, IReadOnlyList<Made>> Made =>
        _records.ToDictionary(record => record.Key, record => (IReadOnlyList<Made>)[.. record.Value.Select((write, before) => new Made(before + 1, write))]);

    public IReadOnlyDictionary<string, Showing> Records => _records.ToDictionary(record => record.Key, record => Show(record.Key));

    public Showing Show(string record) =>
        _records.TryGetValue(record, out var writes) ? new(writes.Count, [.. writes], writes.Count) : Showing.Nothing;

    public Answer Do(Call call)
    {
        if (call.Write is null) return new(Said.Done, Show(call.Record));
        if (_answers.TryGetValue(call.Write, out var first)) return first with { Replayed = true };
        return _answers[call.Write] = call.IfVersion is { } named && named != Show(call.Record).Version ? new(Said.Refused, Show(call.Record)) : Write(call);
    }

    /// <summary>What changed after a place: of each record the latest version only.</summary>
    public (IReadOnlyList<Change> Changes, long UpTo) Since(long place, int limit)
    {
        var due = _places.Where(each => each.Value > place).OrderBy(each => each.Value).ToArray();
        Change[] changes = [.. due.Take(limit).Select(each => new Change(each.Key, Show(each.Key), _records[each.Key][^1]))];
        return (changes, due.Length > limit ? due[limit - 1].Value : Head);
    }

    private Answer Write(Call call)
    {
        if (!_records.TryGetValue(call.Record, out var writes)) _records[call.Record] = writes = [];
        writes.Add(call.Write!);
        _places[call.Record] = ++Head;
        return new(Said.Done, Show(call.Record));
    }
}
