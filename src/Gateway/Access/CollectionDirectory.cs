using System.Collections.Concurrent;
using OrleansSync.Grains.Collections;
using OrleansSync.Protocol;

namespace OrleansSync.Gateway.Access;

/// <summary>A collection as this gateway knows it: at most a second old. Revision 0 = it does not exist, and the default settings hold.</summary>
internal sealed record KnownCollection(string Name, long Revision, CollectionSettings Settings)
{
    public bool Exists => Revision > 0;
}

/// <summary>
/// What this gateway knows of collections' settings, so that not every request asks for them. Requests that come while one of
/// them asks share its answer. Failures are not kept.
/// </summary>
internal sealed class CollectionDirectory(IGrainFactory grains, GrainReads reads, TimeProvider clock)
{
    private const int MaxEntries = 10_000;
    private static readonly TimeSpan TimeToLive = TimeSpan.FromSeconds(1);

    private readonly ConcurrentDictionary<string, Entry> _entries = new();

    /// <summary>The collection; completes at once where it is known. Throws what the grain call throws.</summary>
    public ValueTask<KnownCollection> Read(string name)
    {
        if (_entries.TryGetValue(name, out var entry))
        {
            if (!entry.Answer.Task.IsCompletedSuccessfully) return new(entry.Answer.Task);
            if (clock.GetTimestamp() < entry.Until) return new(entry.Answer.Task.Result);
        }
        return Ask(name, entry);
    }

    /// <summary>Takes over what a grain has just answered, so that it holds here at once.</summary>
    public void Learn(Collection collection)
    {
        var entry = new Entry();
        Answer(entry, new(collection.Name, collection.Revision, collection.Settings));
        MakeRoom();
        _entries[collection.Name] = entry;
    }

    private ValueTask<KnownCollection> Ask(string name, Entry? stale)
    {
        var mine = new Entry();
        MakeRoom();
        var first = stale is null ? _entries.TryAdd(name, mine) : _entries.TryUpdate(name, mine, stale);
        if (!first && _entries.TryGetValue(name, out var theirs)) return new(theirs.Answer.Task);
        _ = Fill(name, mine);
        return new(mine.Answer.Task);
    }

    private async Task Fill(string name, Entry entry)
    {
        try
        {
            var collection = await reads.Ask(() => grains.GetGrain<ICollectionGrain>(name).Read());
            Answer(entry, collection is null
                ? new(name, 0, CollectionSettings.Default)
                : new(name, collection.Revision, collection.Settings));
        }
        catch (Exception failure)
        {
            _entries.TryRemove(new(name, entry));
            entry.Answer.SetException(failure);
            _ = entry.Answer.Task.Exception;
        }
    }

    private void Answer(Entry entry, KnownCollection known)
    {
        entry.Until = clock.GetTimestamp() + (long)(TimeToLive.TotalSeconds * clock.TimestampFrequency);
        entry.Answer.SetResult(known);
    }

    /// <summary>Names are the client's choice, so their number is bounded; what is dropped is only asked for again.</summary>
    private void MakeRoom()
    {
        if (_entries.Count >= MaxEntries) _entries.Clear();
    }

    private sealed class Entry
    {
        public TaskCompletionSource<KnownCollection> Answer { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        /// <summary>Set before the answer is.</summary>
        public long Until { get; set; }
    }
}
