using OrleansSync.Load.Measures;

namespace OrleansSync.Load.Scenarios;

/// <summary>Records that are larger and larger.</summary>
internal sealed class PayloadGrowth : GrowthAxis
{
    private const int Records = 200;
    private const int Subscribers = 50;

    private int _measured;

    public override string Of => "bytes of data";

    public override IEnumerable<int> Sizes(Options options) => Doubled(128, 64 * 1024);

    public override Task<IReadOnlyList<Figure>> Measure(Probe probe, int size) =>
        GrowthLook.At(probe, $"bytes-{size}-{++_measured}", Records, Subscribers, (writer, number) => Payload.Sized(size, writer, number));
}
