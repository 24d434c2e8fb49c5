using OrleansSync.Grains.Merging;
using OrleansSync.Protocol;
using OrleansSync.Storage;

namespace OrleansSync.Grains.Records;

/// <summary>A record's committed past: what history shows of it, and what it was at an earlier version, by undoing what came after.</summary>
internal sealed class PastVersions(
    ISyncStore store, RecordKey key, RecordVersion? committed, CollectionSettings settings, TimeProvider clock)
{
    private const int Slice = 100;

    /// <summary>The record as it was, if history still shows that version; null when it never was, or is forgotten.</summary>
    public async Task<RecordVersion?> Shown(long version)
    {
        if (committed is null || version == committed.Version) return await At(version);
        var now = Timestamp.Now(clock);
        await foreach (var entry in Entries(long.MaxValue))
            if (entry.MadeVersion && entry.Version == version)
                return HistoryRetention.Shows(entry, committed.Version, now, settings) ? await At(version) : null;
        return null;
    }

    /// <summary>The record as it was, as far back as anything is stored; null when that version never was, or is forgotten.</summary>
    public async Task<RecordVersion?> At(long version)
    {
        if (committed is null || version < 1 || version > committed.Version) return null;
        if (version == committed.Version) return committed;

        var (data, conflict) = (committed.Data, committed.Conflict);
        await foreach (var entry in Entries(long.MaxValue))
        {
            if (!entry.MadeVersion || entry.Version > committed.Version) continue;
            if (entry.Forgotten) return null;
            if (entry.Version == version) return AsItWas(entry, data, conflict);
            if (entry.Settlement is { } settled) conflict = settled.Conflict;
            data = HistoryUndo.Undo(data, entry.Changes);
        }

        return null;
    }

    /// <summary>A page of what history shows, newest first; null when nothing ever happened.</summary>
    public async Task<HistoryPage?> Page(long before, int limit)
    {
        var now = Timestamp.Now(clock);
        var shown = new List<HistoryEntry>();
        var any = committed is not null;
        await foreach (var entry in Entries(before))
        {
            any = true;
            if (entry.Forgotten || !HistoryRetention.Shows(entry, committed?.Version ?? 0, now, settings)) continue;
            if (shown.Count == limit) return new(shown, shown[^1].Number);
            shown.Add(entry);
        }

        return any ? new(shown, null) : null;
    }

    /// <param name="later">A later state of the conflict that was open at the version, if one was.</param>
    private RecordVersion AsItWas(HistoryEntry entry, byte[]? data, Conflict? later) => new()
    {
        Id = key.Id,
        Version = entry.Version,
        Timestamp = entry.RecordTimestamp,
        Author = entry.RecordAuthor,
        Client = entry.RecordClient,
        Data = entry.Deleted ? null : data,
        Conflict = entry.Conflict is { } mark && later?.Id == mark.Id ? later.AsOf(mark, entry.Deleted ? null : data) : null,
    };

    private async IAsyncEnumerable<HistoryEntry> Entries(long before)
    {
        while (true)
        {
            var slice = await store.ReadHistory(key.Collection, key.Id, before, Slice, CancellationToken.None);
            foreach (var entry in slice) yield return entry;
            if (slice.Count < Slice) yield break;
            before = slice[^1].Number;
        }
    }
}
