namespace OrleansSync.Gateway.Feeds;

/// <summary>A place in a feed: for each partition the incarnation it was seen in and the newest entry known. Immutable.</summary>
internal sealed class FeedPosition
{
    private readonly Mark[] _marks;

    private FeedPosition(Mark[] marks) => _marks = marks;

    public static FeedPosition Start(int partitions) => new(new Mark[partitions]);

    public static FeedPosition Of(ReadOnlySpan<Mark> marks) => new(marks.ToArray());

    public int Partitions => _marks.Length;

    public Mark this[int partition] => _marks[partition];

    /// <summary>True when whoever stands here holds nothing: such a place is good in every life of the feed.</summary>
    public bool IsStart
    {
        get
        {
            foreach (var mark in _marks)
                if (mark.Seq > 0) return false;
            return true;
        }
    }

    /// <summary>True while the reader may hold no place exactly, see <see cref="Mark.Blur"/>.</summary>
    public bool IsBlurred
    {
        get
        {
            foreach (var mark in _marks)
                if (mark.IsBlurred) return true;
            return false;
        }
    }

    public FeedPosition With(int partition, Mark mark)
    {
        var marks = (Mark[])_marks.Clone();
        marks[partition] = mark;
        return new(marks);
    }

    /// <summary>True when in no partition this place is before the other.</summary>
    public bool Covers(FeedPosition other)
    {
        for (var i = 0; i < _marks.Length; i++)
            if (_marks[i].Seq < other._marks[i].Seq) return false;
        return true;
    }

    /// <param name="Life">Names the incarnation, <see cref="FeedIdentity.LifeOf"/>; meaningless at the beginning.</param>
    /// <param name="Seq">0 = the beginning.</param>
    /// <param name="Fresh">
    /// Set while the partition is read for the first time, from the store: no entry up to here was ever shown to the reader, so what does not
    /// match needs no leave. 0 = not so.
    /// </param>
    /// <param name="Blur">
    /// Set in the midst of reading from the store, which keeps only the latest version of a record: up to here what stood before an entry need not be
    /// what the reader holds, for versions were skipped. 0 = not so.
    /// </param>
    /// <param name="Mixed">
    /// Since then whole runs were read, from memory: what the store says from here on may have been shown, while whole runs still tell what stood before.
    /// </param>
    internal readonly record struct Mark(string? Life, long Seq, long Fresh = 0, long Blur = 0, bool Mixed = false)
    {
        public bool IsBlurred => Blur > Seq;

        /// <summary>The mark at a place, without what it has passed.</summary>
        public Mark At(long seq) => new(Life, seq, Fresh > seq ? Fresh : 0, Blur > seq ? Blur : 0, Mixed && Fresh > seq);

        /// <summary>The mark after a whole run, from memory.</summary>
        public Mark AfterRun() => this with { Mixed = Fresh > 0 };

        /// <summary>The mark after a slice of the store that was read when the feed stood at <paramref name="head"/>.</summary>
        public Mark AfterSlice(long head) => this with { Fresh = Seq == 0 ? head : Mixed ? 0 : Fresh, Blur = head, Mixed = false };
    }
}
