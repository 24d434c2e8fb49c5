using OrleansSync.Protocol;

namespace OrleansSync.Storage.Postgres;

/// <summary>
/// What one transaction is to do, worked out before anything is sent: each feed and each record once, from where the first commit found it to where
/// the last one leaves it.
/// </summary>
internal sealed class CommitDraft
{
    private readonly Dictionary<long, FeedDraft> _feeds = [];
    private readonly Dictionary<(long Collection, string Id), RecordDraft> _records = [];

    public IReadOnlyCollection<FeedDraft> Feeds => _feeds.Values;

    public IReadOnlyCollection<RecordDraft> Records => _records.Values;

    public List<EntryDraft> Entries { get; } = [];

    /// <summary>False when the batch contradicts itself or one before it: then the draft is of no use any more.</summary>
    public bool TryAdd(FeedRow row, FeedBatch batch)
    {
        if (!_feeds.TryGetValue(row.Key, out var feed))
            _feeds.Add(row.Key, feed = new(row, batch));
        else if (batch.Epoch != feed.Epoch || batch.ExpectedHead != feed.NewHead)
            return false;
        feed.NewHead = batch.NewHead;

        var head = batch.ExpectedHead;
        foreach (var commit in batch.Commits)
            if (!PlaceFits(commit, ref head) || !TryAdd(row, commit))
                return false;
        return head <= batch.NewHead;
    }

    private static bool PlaceFits(RecordCommit commit, ref long head)
    {
        if (commit.Seq == 0)
            return true;
        var rises = commit.Seq > head;
        head = commit.Seq;
        return rises;
    }

    private bool TryAdd(FeedRow row, RecordCommit commit)
    {
        if (!_records.TryGetValue((row.Collection, commit.RecordId), out var record))
            _records.Add((row.Collection, commit.RecordId), record = new(row, commit));
        else if (commit.ExpectedVersion != record.Version || commit.Entry.Number != record.Last + 1)
            return false;
        if (commit.Purge)
            Purge(record, commit.Entry.Number);
        record.Take(row, commit);
        Entries.Add(new(record, commit.Entry));
        return true;
    }

    private void Purge(RecordDraft record, long number)
    {
        record.PurgedBelow = number;
        for (var i = 0; i < Entries.Count; i++)
            if (Entries[i].Record == record)
                Entries[i] = new(record, EntryColumn.Blank(Entries[i].Entry));
    }
}

/// <summary>How far a transaction moves a feed.</summary>
internal sealed class FeedDraft(FeedRow row, FeedBatch first)
{
    public FeedRow Row => row;
    public long Epoch { get; } = first.Epoch;
    public long ExpectedHead { get; } = first.ExpectedHead;
    public long NewHead { get; set; }
}

/// <summary>What a transaction makes of a record.</summary>
internal sealed class RecordDraft(FeedRow row, RecordCommit first)
{
    /// <summary>The feed of its last commit: that one's counts it moves.</summary>
    public FeedRow Row { get; private set; } = row;
    public string Id { get; } = first.RecordId;
    public long ExpectedVersion { get; } = first.ExpectedVersion;
    public long ExpectedLast { get; } = first.Entry.Number - 1;

    public long Version { get; private set; }
    public long Last { get; private set; }

    /// <summary>Its new place; 0 = it keeps the one it has, and the write id and the age of its tombstone with it.</summary>
    public long Seq { get; private set; }
    public string? Write { get; private set; }
    public long? TombstoneAt { get; private set; }

    /// <summary>Null when only history is added.</summary>
    public RecordState? State { get; private set; }

    // There was no live record, or a conflict that was settled.
    private readonly bool _changedKind = first.ExpectedVersion == 0 || first.Entry.Created || first.Entry.Settlement is not null;

    public bool MayBeCrowded { get; private set; }

    /// <summary>All entries with lower numbers forget what they say of the data; 0 = none.</summary>
    public long PurgedBelow { get; set; }

    /// <summary>A live record, to all appearances, that gets new data and a new place and stays live: of what it was the row has the last word.</summary>
    public bool IsPlain => !_changedKind && Seq != 0 && State is { View: { Deleted: false, Conflict: null } };

    public void Take(FeedRow row, RecordCommit commit)
    {
        Row = row;
        Version = commit.State?.View.Version ?? commit.ExpectedVersion;
        Last = commit.Entry.Number;
        MayBeCrowded |= HistoryRetention.MayBeCrowded(Last);
        if (commit.State is not { } state)
            return;
        State = state;
        if (commit.Seq == 0)
            return;
        Seq = commit.Seq;
        Write = state.Write;
        TombstoneAt = state.View.Deleted ? commit.Entry.RecordedAt.Ticks : null;
    }
}

/// <summary>A history entry of a transaction.</summary>
internal readonly record struct EntryDraft(RecordDraft Record, HistoryEntry Entry);
