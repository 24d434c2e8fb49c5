using OrleansSync.Grains.Feeds;
using OrleansSync.Protocol;

namespace OrleansSync.Gateway.Feeds;

/// <summary>
/// A reader who is behind: reads from a place towards a target, partition by partition, from the tails' rings where those reach back far
/// enough, else from the grains. What was begun is read to its end first, then what is furthest behind, so that none is left to wait for ever.
/// For one reader at a time.
/// </summary>
internal sealed class CatchUp(IFeedSource source, FeedIdentity identity, FeedLens lens, FeedPosition place, int limit)
{
    /// <summary>Entries asked for at once where a filter may pass few of them.</summary>
    private const int SliceLimit = 1000;

    /// <summary>After so many slices the page is given even if it is empty: its cursor is progress.</summary>
    private const int SlicesPerPage = 10;

    private readonly List<EncodedEntry> _entries = [];
    private PageDraft _draft = new(limit);
    private int _slices;
    private string? _reset;

    /// <summary>Everything up to here was given.</summary>
    public FeedPosition Place { get; private set; } = place;

    /// <summary>One page's worth. May throw what a grain call throws; then nothing was lost and it can be called again.</summary>
    /// <param name="target">Where to read to; what a slice of the grain brings beyond it is taken too.</param>
    /// <param name="tails">Null = the grains alone.</param>
    public async ValueTask<CaughtUp> Read(FeedPosition target, IReadOnlyList<FeedTail>? tails, CancellationToken cancel)
    {
        var from = Place;
        (_draft, _slices, _reset) = (new PageDraft(limit), 0, null);
        try
        {
            foreach (var partition in InOrder(target))
            {
                if (await ReadPartition(partition, target[partition], tails?[partition], cancel)) continue;
                return _reset is null ? new(_draft.Take(), false, null) : new([], false, _reset);
            }
            return new(_draft.Take(), true, null);
        }
        catch
        {
            Place = from;
            throw;
        }
    }

    private int[] InOrder(FeedPosition target)
    {
        var partitions = new int[Place.Partitions];
        var behind = new long[partitions.Length];
        for (var i = 0; i < partitions.Length; i++)
            (partitions[i], behind[i]) = (i, Place[i].IsBlurred ? long.MinValue : Place[i].Seq - target[i].Seq);
        Array.Sort(behind, partitions);
        return partitions;
    }

    /// <summary>True when the partition was read to its end.</summary>
    private async ValueTask<bool> ReadPartition(int partition, FeedPosition.Mark target, FeedTail? tail, CancellationToken cancel)
    {
        if (Place[partition].Seq > 0 && target.Seq > 0 && Place[partition].Life != target.Life) return MustReset(ResetReasons.UnknownCursor);
        // In a blur the reader does not hold any place exactly: only behind it can they be up to date.
        while (Math.Max(target.Seq, Place[partition].Blur) is var end && Place[partition].Seq < end)
        {
            if (_draft.IsFull || _slices >= SlicesPerPage) return false;
            if (tail is not null && tail.Head >= end && TryReadRing(partition, target with { Seq = end }, tail))
            {
                if (_reset is not null) return false;
                continue;
            }
            if (await ReadSlice(partition, cancel)) return true;
            if (_reset is not null) return false;
        }
        return true;
    }

    private bool TryReadRing(int partition, FeedPosition.Mark target, FeedTail tail)
    {
        _entries.Clear();
        if (!tail.Ring.TryRead(Place[partition].Seq, target.Seq, SliceLimit, lens.IsOwners, _entries)) return false;
        var seq = _entries.Count < SliceLimit ? target.Seq : _entries[^1].Seq;
        Walk(partition, (Place[partition] with { Life = target.Life }).AfterRun(), seq);
        return true;
    }

    /// <summary>True when that was the last of the partition.</summary>
    private async ValueTask<bool> ReadSlice(int partition, CancellationToken cancel)
    {
        var before = Place[partition];
        var slice = await source.ReadAfter(new(identity.Collection, partition), before.Seq, lens.IsClear ? _draft.Room : SliceLimit).WaitAsync(cancel);
        FeedMetrics.CatchUpReads.Add(1);
        _slices++;
        var compacted = IsCompacted(slice);
        if (!IsOf(before, slice.Head)) return MustReset(ResetReasons.UnknownCursor);
        if (compacted && IsForgotten(before, slice.Head)) return MustReset(ResetReasons.Retention);

        _entries.Clear();
        foreach (var entry in slice.Entries) _entries.Add(new(entry));
        var life = FeedIdentity.LifeOf(slice.Head.Incarnation);
        var upTo = Math.Max(slice.UpTo, before.Seq);
        var mark = before with { Life = life };
        Walk(partition, compacted ? mark.AfterSlice(Math.Max(slice.Head.Head, upTo)) : mark.AfterRun(), upTo);
        return _reset is null && Place[partition].Seq == upTo && upTo >= slice.Head.Head;
    }

    /// <summary>Whether the mark was made in this life of the feed.</summary>
    public static bool IsOf(FeedPosition.Mark mark, FeedPlace place) =>
        mark.Seq == 0
        || (mark.Life == FeedIdentity.LifeOf(place.Incarnation) && Math.Max(mark.Seq, Math.Max(mark.Fresh, mark.Blur)) <= place.Head);

    /// <summary>
    /// Whether the store may have forgotten tombstones that a reader here must be told of. One who is still in the first reading knew, when it
    /// began, what had gone by then.
    /// </summary>
    private static bool IsForgotten(FeedPosition.Mark mark, FeedPlace place) =>
        mark.Seq > 0 && (mark.Mixed ? mark.Seq : Math.Max(mark.Seq, mark.Fresh)) < place.Floor;

    private void Walk(int partition, FeedPosition.Mark mark, long upTo)
    {
        foreach (var entry in _entries)
        {
            var first = entry.Seq <= mark.Fresh;
            var sight = lens.See(entry.Entry, first && !mark.Mixed, entry.Blurred || (entry.Seq <= mark.Blur && !first));
            if (sight == Sight.Doubt)
            {
                MustReset(ResetReasons.Access);
                return;
            }
            if (sight != Sight.Nothing) _draft.Add(entry.As(sight));
            if (!_draft.IsFull || entry.Seq >= upTo) continue;
            Place = Place.With(partition, mark.At(entry.Seq));
            return;
        }
        Place = Place.With(partition, mark.At(upTo));
    }

    /// <summary>The latest version of each record only, so that what is read now from the beginning was not shown before.</summary>
    private static bool IsCompacted(FeedSlice slice)
    {
        for (var i = 0; i < slice.Entries.Count; i++)
            if (slice.Entries[i].KnowsBefore) return false;
        return true;
    }

    private bool MustReset(string reason)
    {
        _reset = reason;
        return false;
    }
}

/// <param name="AtHead">The target was reached.</param>
/// <param name="Reset">Why the reader must start again; then there are no changes.</param>
internal readonly record struct CaughtUp(FeedChange[] Changes, bool AtHead, string? Reset);
