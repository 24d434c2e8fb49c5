using BenchmarkDotNet.Attributes;
using OrleansSync.Protocol;

namespace OrleansSync.Micro;

/// <summary>What a filter costs to read, once for each subscription, and to ask about a record, once for each change and filter.</summary>
public class Filtering
{
    private static readonly byte[] SimpleText = """{"priority":3}"""u8.ToArray();

    private static readonly byte[] CompoundText =
        """{"priority":{"gte":2,"lt":5},"title":{"ne":"Buy nothing"},"field3":{"in":["a few words 1","a few words 2","a few words 3"]},"field7":{"exists":true},"gone":{"exists":false}}"""u8.ToArray();

    private readonly Filter _simple = Filter.Parse(SimpleText);
    private readonly Filter _compound = Filter.Parse(CompoundText);
    private readonly Filter _other = Filter.Parse("""{"priority":4}"""u8);
    private byte[] _data = null!;

    [GlobalSetup]
    public void Prepare()
    {
        _data = Sample.Bytes(Sample.Data());
        if (!MatchSimple() || !MatchCompound() || MatchNot()) throw new InvalidOperationException("The filters match otherwise than they should: another thing would be measured.");
    }

    [Benchmark(Description = "parse, one condition")]
    public object ParseSimple() => Filter.Parse(SimpleText);

    [Benchmark(Description = "parse, six conditions")]
    public object ParseCompound() => Filter.Parse(CompoundText);

    [Benchmark(Description = "match, one condition")]
    public bool MatchSimple() => _simple.Matches("r-17", _data);

    [Benchmark(Description = "match, six conditions")]
    public bool MatchCompound() => _compound.Matches("r-17", _data);

    [Benchmark(Description = "no match, one condition")]
    public bool MatchNot() => _other.Matches("r-17", _data);
}
