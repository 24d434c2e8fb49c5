using OrleansSync.Load.Measures;

namespace OrleansSync.Load.Scenarios;

/// <summary>Something that grows, step by step on one server, and what is measured at each step.</summary>
internal abstract class GrowthAxis
{
    /// <summary>In the plural.</summary>
    public abstract string Of { get; }

    /// <summary>From small to great, each twice the one before but for the last, which may be less.</summary>
    public abstract IEnumerable<int> Sizes(Options options);

    /// <summary>Why it cannot be so great here; null = it can.</summary>
    public virtual string? Lacks(int size) => null;

    /// <summary>Grows to the size, and looks.</summary>
    public abstract Task<IReadOnlyList<Figure>> Measure(Probe probe, int size);

    /// <summary>Doubled from the least on, and the most itself.</summary>
    protected static IEnumerable<int> Doubled(int least, int most)
    {
        for (var size = least; size < most; size *= 2) yield return size;
        yield return most;
    }
}
