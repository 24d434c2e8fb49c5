using OrleansSync.Protocol;

namespace OrleansSync.Storage.Postgres;

/// <summary>
/// The open conflicts that this process wrote last: their candidates, up to a megabyte, are in the database, and most versions of a record in conflict
/// (claims, edits) leave them as they are. For one commit at a time.
/// </summary>
internal sealed class KnownConflicts
{
    private const int MostKnown = 10_000;

    private readonly Dictionary<(long Collection, string Id), Known> _known = [];

    /// <summary>Whether the record's row holds these candidates already, if it is as the commit expects it.</summary>
    public bool Holds(RecordDraft record, Conflict conflict) =>
        // Within one conflict candidates and paths are only ever added, and together. The number tells all states of a record apart.
        _known.TryGetValue((record.Row.Collection, record.Id), out var known)
            && known == new Known(record.ExpectedLast, conflict.Id, conflict.Candidates.Count);

    /// <summary>To be called when the draft was committed.</summary>
    public void See(CommitDraft draft)
    {
        foreach (var record in draft.Records)
        {
            var key = (record.Row.Collection, record.Id);
            if (record.State is { View.Conflict: { } conflict })
                See(key, new(record.Last, conflict.Id, conflict.Candidates.Count));
            else if (_known.TryGetValue(key, out var known))
            {
                if (record.State is null && known.Last == record.ExpectedLast)
                    _known[key] = known with { Last = record.Last };
                else
                    _known.Remove(key);
            }
        }
    }

    private void See((long Collection, string Id) key, Known known)
    {
        if (_known.Count >= MostKnown)
            _known.Clear();
        _known[key] = known;
    }

    private readonly record struct Known(long Last, string Conflict, int Candidates);
}
