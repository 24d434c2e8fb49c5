using OrleansSync.Grains.Presence;

namespace OrleansSync.Gateway.Presence;

/// <summary>
/// Who is there in one collection, as far as the grain has told this gateway. Its owner locks. When the grain has forgotten everything, those
/// it knew are remembered until they have had time to be announced again, so that nobody seems to leave and come back.
/// </summary>
internal sealed class PeopleBoard
{
    private readonly Dictionary<string, Dictionary<AnnouncementKey, Person>> _records = [];
    private int _remembered;

    /// <summary>Everything up to here is known.</summary>
    public PresencePlace Place { get; private set; }

    public int Count { get; private set; }

    /// <summary>True while somebody is only remembered.</summary>
    public bool Remembers => _remembered > 0;

    /// <summary>Takes in what the grain said, unless it is known or something before it is missing. Adds the records whose people changed.</summary>
    public void Apply(PresenceSlice slice, HashSet<string> changed)
    {
        var forgotten = slice.Place.Life != Place.Life;
        if (!forgotten && (slice.Place.Revision <= Place.Revision || (!slice.Whole && slice.Since > Place.Revision))) return;
        if (slice.Whole) SetAside(forgotten, changed);
        Place = slice.Place;
        foreach (var change in slice.Changes)
        {
            if (change.What is null) Remove(change.Key);
            else Put(new(change.Key, change.What, change.Until, false));
            changed.Add(change.Key.Record);
        }
    }

    /// <summary>Removes one that is only remembered: this gateway knows that it is over.</summary>
    public void Forget(AnnouncementKey key, HashSet<string> changed)
    {
        if (_remembered == 0 || !_records.TryGetValue(key.Record, out var people) || !people.TryGetValue(key, out var person) || !person.Remembered) return;
        Remove(key);
        changed.Add(key.Record);
    }

    /// <summary>Removes all who are only remembered.</summary>
    public void ForgetAll(HashSet<string> changed)
    {
        foreach (var key in Keys(remembered: true))
        {
            Remove(key);
            changed.Add(key.Record);
        }
    }

    /// <summary>The people at a record; null = everybody.</summary>
    public People Read(string? record)
    {
        if (record is null) return People.Of([.. _records.Values.SelectMany(people => people.Values)]);
        return People.Of(_records.TryGetValue(record, out var there) ? [.. there.Values] : []);
    }

    /// <summary>Before the whole is taken in: those it does not name are gone or, if they were of another life, remembered.</summary>
    private void SetAside(bool remember, HashSet<string> changed)
    {
        foreach (var key in Keys(remembered: false))
        {
            if (remember) Put(_records[key.Record][key] with { Remembered = true });
            else Remove(key);
            changed.Add(key.Record);
        }
    }

    private AnnouncementKey[] Keys(bool remembered) =>
        [.. _records.Values.SelectMany(people => people.Values).Where(person => person.Remembered == remembered).Select(person => person.Key)];

    private void Put(Person person)
    {
        Remove(person.Key);
        if (!_records.TryGetValue(person.Key.Record, out var people)) _records[person.Key.Record] = people = [];
        people.Add(person.Key, person);
        Count++;
        if (person.Remembered) _remembered++;
    }

    private void Remove(AnnouncementKey key)
    {
        if (!_records.TryGetValue(key.Record, out var people) || !people.Remove(key, out var person)) return;
        Count--;
        if (person.Remembered) _remembered--;
        if (people.Count == 0) _records.Remove(key.Record);
    }
}
