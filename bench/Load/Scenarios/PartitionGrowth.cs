using System.Text;
using OrleansSync.Load.Measures;

namespace OrleansSync.Load.Scenarios;

/// <summary>Collections whose feed is cut into more and more parts, on one node: what that costs where nothing is gained by it.</summary>
internal sealed class PartitionGrowth : GrowthAxis
{
    private const int Records = 1_000;
    private const int Subscribers = 100;

    private int _measured;

    public override string Of => "partitions";

    public override IEnumerable<int> Sizes(Options options) => [1, 2, 4, 8];

    public override async Task<IReadOnlyList<Figure>> Measure(Probe probe, int size)
    {
        var collection = $"parts-{size}-{++_measured}";
        using (var http = probe.Address.Client())
        using (var settings = new StringContent($$"""{"partitions":{{size}}}""", Encoding.UTF8, "application/json"))
            (await http.PutAsync($"/v1/collections/{collection}", settings)).EnsureSuccessStatusCode();
        return await GrowthLook.At(probe, collection, Records, Subscribers, Payload.Data);
    }
}
