using OrleansSync.Protocol;

namespace OrleansSync.Gateway.Writes;

/// <summary>A batch sorted by record: the first write of each, and for every write the next one of the same record (-1 = none).</summary>
internal readonly record struct Chains(List<int> Heads, int[] Next)
{
    public static Chains Of(IReadOnlyList<Write> writes)
    {
        var heads = new List<int>(writes.Count);
        var next = new int[writes.Count];
        var last = new Dictionary<(string Collection, string Record), int>(writes.Count);
        for (var i = 0; i < writes.Count; i++)
        {
            next[i] = -1;
            var record = (writes[i].Collection, writes[i].Record);
            if (last.TryGetValue(record, out var before)) next[before] = i;
            else heads.Add(i);
            last[record] = i;
        }
        return new(heads, next);
    }
}
