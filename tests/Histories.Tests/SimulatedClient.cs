namespace OrleansSync.Histories.Tests;

/// <summary>A client that does one call after the other, and records them.</summary>
internal sealed class SimulatedClient(string name)
{
    private readonly Dictionary<string, long> _seen = [];
    private readonly List<Attempt> _attempts = [];
    private Call? _current;
    private Answer? _answer;
    private long _start;
    private int _writes;
    private int _gateway;

    public List<Call> Calls { get; } = [];

    public bool IsIdle => _current is null;

    public bool HasHappened => _answer is not null;

    public Call Current => _current!;

    public void Begin(long time, Choices choices, string[] records)
    {
        var (record, asked) = (choices.Of(records), choices.Of<Asked>([Asked.Read, Asked.Add, Asked.Replace]));
        var write = asked == Asked.Read ? null : $"{name}-{++_writes}";
        _current = new(name, record, asked, write, asked == Asked.Replace ? _seen.GetValueOrDefault(record) : null, []);
        _start = time;
    }

    public void Happens(Answer answer) => _answer = answer;

    public void IsAnswered(long time, bool again)
    {
        Record(time, _answer);
        _seen[Current.Record] = _answer!.Shown.Version;
        if (again && Current.Write is not null) Send(time);
        else End();
    }

    public void IsLost(long time, bool givesUp)
    {
        Record(time, null);
        if (givesUp) End();
        else Send(time);
    }

    public void Stop(long time)
    {
        if (IsIdle) return;
        Record(time, null);
        End();
    }

    private void Record(long time, Answer? answer) => _attempts.Add(new($"g{_gateway++ % 3}", _start, time, answer));

    private void Send(long time) => (_start, _answer) = (time, null);

    private void End()
    {
        Calls.Add(Current with { Attempts = [.. _attempts] });
        _attempts.Clear();
        (_current, _answer) = (null, null);
    }
}

/// <summary>A subscriber that reads on from its cursor whenever it is its turn.</summary>
internal sealed class SimulatedSubscriber(string name, string collection)
{
    private readonly List<Page> _pages = [];
    private long _place;

    public Subscriber Recorded => new(name, collection, _pages);

    public void Read(ModelStore store, long time, int limit)
    {
        var (changes, upTo) = store.Since(_place, limit);
        Change[] mine = [.. changes.Where(change => change.Record.StartsWith($"{collection}/", StringComparison.Ordinal))];
        if (mine.Length == 0 && _pages.Count > 0 && upTo == _place) return;
        _pages.Add(new(time, $"{_place}", false, mine, $"{upTo}"));
        _place = upTo;
    }
}
