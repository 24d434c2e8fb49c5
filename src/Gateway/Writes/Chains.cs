using OrleansSync.Protocol;

namespace OrleansSync.Gateway.Writes;

/// <summary>The good writes of a batch sorted by record: the first write of each, and for every write the next one of the same record (-1 = none).</summary>
internal readonly record struct Chains(List<int> Heads, int[] Next)
{
    public static Chains Of(IReadOnlyList<WriteRead> reads)
    {
        var heads = new List<int>(reads.Count);
        var next = new int[reads.Count];
        var last = new Dictionary<(string Collection, string Record), int>(reads.Count);
        for (var i = 0; i < reads.Count; i++)
        {
            next[i] = -1;
            if (reads[i].Write is not { } write) continue;
            var record = (write.Collection, write.Record);
            if (last.TryGetValue(record, out var before)) next[before] = i;
            else heads.Add(i);
            last[record] = i;
        }
        return new(heads, next);
    }
}
