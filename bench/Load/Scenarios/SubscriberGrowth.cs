using OrleansSync.Load.Measures;

namespace OrleansSync.Load.Scenarios;

/// <summary>More and more subscribers of one feed: a write to all of them, and a write and a read beside.</summary>
internal sealed class SubscriberGrowth : GrowthAxis
{
    private const string Collection = "subscribed";
    private const int Records = 1_000;

    public override string Of => "subscribers";

    public override IEnumerable<int> Sizes(Options options) => Doubled(250, options.MostSubscribers);

    public override string? Lacks(int size) => Room.Lacks(size);

    public override async Task<IReadOnlyList<Figure>> Measure(Probe probe, int size)
    {
        await Fill.Records(probe.Address, Collection, 0, Records, number => Payload.Data(0, number), probe.Cancelled);
        var subscribers = await Crowd.Of(probe.Address, Collection, size, probe.Cancelled);
        try
        {
            return [.. await probe.ToAll(Collection, subscribers, Payload.Data), .. await probe.Write(Collection, Records, Payload.Data), .. await probe.Read(Collection, Records)];
        }
        finally
        {
            subscribers.ForEach(subscriber => subscriber.Dispose());
        }
    }
}
