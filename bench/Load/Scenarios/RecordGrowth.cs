using OrleansSync.Load.Measures;

namespace OrleansSync.Load.Scenarios;

/// <summary>More and more records in one collection: a page of the list, a read, a write.</summary>
internal sealed class RecordGrowth : GrowthAxis
{
    private const string Collection = "growing";

    /// <summary>Those of many times as many are held against these.</summary>
    public const int Reference = 10_000;

    private int _filled;

    public override string Of => "records";

    public override IEnumerable<int> Sizes(Options options) => Doubled(Reference / 8, options.MostRecords);

    public override async Task<IReadOnlyList<Figure>> Measure(Probe probe, int size)
    {
        if (_filled > size) _filled = 0;
        await Fill.Records(probe.Address, Collection, _filled, size - _filled, number => Payload.Data(number % 100, number), probe.Cancelled);
        _filled = size;
        return
        [
            .. await probe.List(Collection), .. await probe.Read(Collection, size),
            .. await probe.Write(Collection, size, Payload.Data), .. await probe.Flood(Collection, size, Payload.Data),
        ];
    }
}
