using OrleansSync.Load.Measures;

namespace OrleansSync.Load.Scenarios;

/// <summary>All that is looked at in a collection of a few records with some subscribers.</summary>
internal static class GrowthLook
{
    public static async Task<IReadOnlyList<Figure>> At(Probe probe, string collection, int records, int count, Func<int, long, string> data)
    {
        await Fill.Records(probe.Address, collection, 0, records, number => data(0, number), probe.Cancelled);
        var alone = (Figure[])
        [
            .. await probe.List(collection), .. await probe.Read(collection, records),
            .. await probe.Write(collection, records, data), .. await probe.Flood(collection, records, data),
        ];
        var subscribers = await Crowd.Of(probe.Address, collection, count, probe.Cancelled);
        var followed = await probe.ToAll(collection, subscribers, data);
        subscribers.ForEach(subscriber => subscriber.Dispose());
        return [.. followed, .. alone];
    }
}
