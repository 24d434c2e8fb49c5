namespace OrleansSync.EndToEnd.Recording;

/// <summary>
/// The records that all clients meet at: a few at a time, so that they get in each other's way, and new ones before a record has become
/// too long to be looked at.
/// </summary>
internal sealed class Targets(IReadOnlyList<string> collections)
{
    private const int AtATime = 3;
    private const int WritesEach = 30;

    private readonly long[] _lastBegun = new long[collections.Count];
    private long _taken;

    public IReadOnlyList<string> Collections => collections;

    public (string Collection, string Id) Next(Random random)
    {
        var taken = Interlocked.Increment(ref _taken);
        // A third are reads.
        var generation = taken / (collections.Count * AtATime * WritesEach * 3 / 2);
        return (collections[random.Next(collections.Count)], $"r{(generation * AtATime) + random.Next(AtATime)}");
    }

    /// <summary>A write of the collection was answered that began then.</summary>
    public void Written(string collection, long begun)
    {
        for (var i = 0; i < collections.Count; i++)
            if (collections[i] == collection)
                Volatile.Write(ref _lastBegun[i], begun);
    }

    /// <summary>Whether a write of each collection was answered that began after a moment.</summary>
    public bool AllWrittenSince(long moment) => Enumerable.Range(0, collections.Count).All(i => Volatile.Read(ref _lastBegun[i]) > moment);
}
