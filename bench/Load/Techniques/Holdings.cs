using System.Diagnostics;

namespace OrleansSync.Load.Techniques;

/// <summary>
/// Since when one client has each update. Who is given a later update of the same record has what it replaced as well, though it never saw it: else whoever looks
/// seldom would seem the fresher for what it skipped.
/// </summary>
internal sealed class Holdings
{
    private readonly Updates _updates;
    private readonly NumberScanner _numbers;
    private readonly long[] _since;
    private readonly bool[] _seen;
    private long _now;

    public Holdings(Updates updates)
    {
        (_updates, _numbers) = (updates, new(Updates.Mark, Note));
        (_since, _seen) = (new long[updates.Most + 1], new bool[updates.Most + 1]);
    }

    /// <summary>How many updates it was given itself.</summary>
    public long Given { get; private set; }

    /// <summary>Notes all that is in something that arrived whole just now.</summary>
    public void Take(ReadOnlySpan<byte> page)
    {
        _now = Stopwatch.GetTimestamp();
        _numbers.Scan(page);
    }

    private void Note(long number)
    {
        if (number == 0 || _seen[number]) return;
        _seen[number] = true;
        Given++;
        for (var each = (int)number; each != 0 && _since[each] == 0; each = _updates.Before(each)) Volatile.Write(ref _since[each], _now);
    }

    /// <summary>By <see cref="Stopwatch"/>; 0 = it does not have it.</summary>
    public long Since(int number) => Volatile.Read(ref _since[number]);

    /// <summary>Whether it was given this one, and not only what replaced it.</summary>
    public bool Saw(int number) => _seen[number];
}
