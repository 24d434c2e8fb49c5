using System.Diagnostics;

namespace OrleansSync.Load.Techniques;

/// <summary>
/// Since when one client has each update. Who is given a later update of the same record has what it replaced as well, though it never saw it: else whoever looks
/// seldom would seem the fresher for what it skipped.
/// </summary>
internal sealed class Holdings(Updates updates)
{
    private readonly long[] _since = new long[updates.Most + 1];
    private readonly bool[] _seen = new bool[updates.Most + 1];

    /// <summary>How many updates it was given itself.</summary>
    public long Given { get; private set; }

    /// <summary>Notes all that is in something that arrived whole just now.</summary>
    public void Take(ReadOnlySpan<byte> page)
    {
        var now = Stopwatch.GetTimestamp();
        for (var reader = new UpdateReader(page); reader.Next(out var number);)
        {
            if (number == 0 || _seen[number]) continue;
            _seen[number] = true;
            Given++;
            for (var each = number; each != 0 && _since[each] == 0; each = updates.Before(each)) Volatile.Write(ref _since[each], now);
        }
    }

    /// <summary>By <see cref="Stopwatch"/>; 0 = it does not have it.</summary>
    public long Since(int number) => Volatile.Read(ref _since[number]);

    /// <summary>Whether it was given this one, and not only what replaced it.</summary>
    public bool Saw(int number) => _seen[number];
}
