namespace OrleansSync.Gateway.Sockets;

/// <summary>
/// Keeps the writes of one socket to one record in the order they came, though many are under way at once. Calls to a grain keep
/// their order only once its place is known: so a record's first write goes alone, and what comes meanwhile follows when it is answered;
/// after that nothing waits.
/// </summary>
internal sealed class WriteOrder
{
    /// <summary>Records remembered as known; as many again may be on their way out.</summary>
    private const int MaxKnown = 2048;

    private readonly Lock _lock = new();
    private Dictionary<RecordKey, Way> _young = [];
    private Dictionary<RecordKey, Way> _old = [];

    /// <summary>True when a write to the record may go on at once; false when it must <see cref="Follow"/>.</summary>
    public bool TryGo(RecordKey record)
    {
        lock (_lock)
        {
            if (Find(record) is { } way) return way.Open;
            if (_young.Count >= MaxKnown) Rotate();
            _young[record] = new();
            return true;
        }
    }

    /// <summary>Runs <paramref name="go"/> when everything that came before it has gone on: perhaps at once.</summary>
    public void Follow(RecordKey record, Action go)
    {
        lock (_lock)
        {
            if (Find(record) is { Open: false } way)
            {
                way.Waiting.Enqueue(go);
                return;
            }
        }
        go();
    }

    /// <summary>A write to the record was answered: what waits for it goes on, in order.</summary>
    public void Answered(RecordKey record)
    {
        var begun = false;
        while (true)
        {
            Action? go;
            lock (_lock)
            {
                if (Find(record) is not { Open: false } way || (way.Draining && !begun)) return;
                begun = way.Draining = true;
                if (!way.Waiting.TryDequeue(out go))
                {
                    way.Open = true;
                    return;
                }
            }
            go();
        }
    }

    /// <summary>Forgets what was not written since the last time: a grain that is idle for long may be elsewhere later.</summary>
    public void Rotate()
    {
        lock (_lock)
        {
            var unanswered = _old.Where(pair => !pair.Value.Open).ToArray();
            (_old, _young) = (_young, []);
            foreach (var (record, way) in unanswered) _young[record] = way;
        }
    }

    private Way? Find(RecordKey record)
    {
        if (_young.TryGetValue(record, out var way)) return way;
        if (!_old.Remove(record, out way)) return null;
        _young[record] = way;
        return way;
    }

    private sealed class Way
    {
        private Queue<Action>? _waiting;

        /// <summary>True once a write was answered and nothing waits.</summary>
        public bool Open { get; set; }

        /// <summary>True while one answer lets the others go: an answer to one of those must not overtake it.</summary>
        public bool Draining { get; set; }
        public Queue<Action> Waiting => _waiting ??= new();
    }
}
