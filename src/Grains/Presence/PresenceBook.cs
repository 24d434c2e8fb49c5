using OrleansSync.Protocol;

namespace OrleansSync.Grains.Presence;

/// <summary>
/// The announcements of one collection for one life: what holds, until when, and what changed lately. Its owner calls it from one turn at
/// a time, and asks <see cref="Lapse"/> when <see cref="NextEnd"/> has come.
/// </summary>
internal sealed class PresenceBook(TimeProvider clock, string life, int mostAnnouncements = PresenceBook.MostAnnouncements)
{
    public const int MostAnnouncements = 10_000;

    /// <summary>Most bytes of all announcements together: what a whole answer may weigh.</summary>
    public const int MostBytes = 4 * 1024 * 1024;

    /// <summary>Changes that are remembered; who is further behind gets everything.</summary>
    private const int LogLength = 1024;

    private readonly long _born = clock.GetTimestamp();
    private readonly Dictionary<AnnouncementKey, Entry> _entries = [];
    private readonly Queue<AnnouncementKey> _log = [];
    private long _revision;
    private int _bytes;
    private TimeSpan _nextEnd = TimeSpan.MaxValue;

    public PresencePlace Place => new(life, _revision);

    /// <summary>How long until something may lapse; null while nothing can. Renewals may make it come early, never late.</summary>
    public TimeSpan? NextEnd => _nextEnd == TimeSpan.MaxValue ? null : _nextEnd > Now ? _nextEnd - Now : TimeSpan.Zero;

    private TimeSpan Now => clock.GetElapsedTime(_born);

    /// <summary>Takes an announcement in, in place of the earlier one; false when there is no room, and then neither is there.</summary>
    public bool Put(AnnouncementKey key, Announcement what, TimeSpan lasts)
    {
        var others = _entries.TryGetValue(key, out var earlier) ? _entries.Count - 1 : _entries.Count;
        var bytes = _bytes - (earlier?.What.Bytes ?? 0) + what.Bytes;
        if (others >= mostAnnouncements || bytes > MostBytes)
        {
            Remove(key);
            return false;
        }
        var end = Now + lasts;
        _entries[key] = new(what, Timestamp.Now(clock) + lasts, end);
        _bytes = bytes;
        if (end < _nextEnd) _nextEnd = end;
        Log(key);
        return true;
    }

    public void Remove(AnnouncementKey key)
    {
        if (!_entries.Remove(key, out var entry)) return;
        _bytes -= entry.What.Bytes;
        Log(key);
    }

    /// <summary>Removes whatever has ended; true when something has.</summary>
    public bool Lapse()
    {
        var now = Now;
        var next = TimeSpan.MaxValue;
        List<AnnouncementKey>? ended = null;
        foreach (var (key, entry) in _entries)
        {
            if (entry.End <= now) (ended ??= []).Add(key);
            else if (entry.End < next) next = entry.End;
        }
        _nextEnd = next;
        if (ended is null) return false;
        foreach (var key in ended) Remove(key);
        return true;
    }

    /// <summary>What whoever knew this place has missed.</summary>
    public PresenceSlice After(PresencePlace known)
    {
        var missed = _revision - known.Revision;
        if (known.Life != life || missed < 0 || missed > _log.Count)
            return new(0, Place, true, _entries.Select(entry => Change(entry.Key, entry.Value)).ToArray());
        if (missed == 0) return new(known.Revision, Place, false, []);
        var keys = _log.Skip(_log.Count - (int)missed).Distinct();
        return new(known.Revision, Place, false, keys.Select(key => Change(key, _entries.GetValueOrDefault(key))).ToArray());
    }

    private static PresenceChange Change(AnnouncementKey key, Entry? entry) => new(key, entry?.What, entry?.Until ?? default);

    private void Log(AnnouncementKey key)
    {
        _revision++;
        _log.Enqueue(key);
        if (_log.Count > LogLength) _log.Dequeue();
    }

    /// <param name="Until">Told to everybody.</param>
    /// <param name="End">The same since the book's birth, which no correction of a clock moves.</param>
    private sealed record Entry(Announcement What, Timestamp Until, TimeSpan End);
}
