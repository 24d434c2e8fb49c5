using Orleans.Placement;
using Orleans.Runtime;
using Orleans.Runtime.Placement;
using OrleansSync.Grains.Collections;
using OrleansSync.Grains.Feeds;
using OrleansSync.Grains.Records;

namespace OrleansSync.Grains.Placement;

/// <summary>A feed grain lives at its feed's home.</summary>
[GenerateSerializer, Immutable]
internal sealed class AtFeedHome : PlacementStrategy
{
}

/// <summary>A record grain lives at the home of the feed that carries it.</summary>
[GenerateSerializer, Immutable]
internal sealed class BesideItsFeed : PlacementStrategy
{
}

internal sealed class AtFeedHomeAttribute() : PlacementAttribute(new AtFeedHome());

internal sealed class BesideItsFeedAttribute() : PlacementAttribute(new BesideItsFeed());

internal sealed class AtFeedHomeDirector : IPlacementDirector
{
    public Task<SiloAddress> OnAddActivation(PlacementStrategy strategy, PlacementTarget target, IPlacementContext context) =>
        Task.FromResult(FeedHomes.Choose(FeedKey.Parse(target.GrainIdentity.Key.ToString()!), context.GetCompatibleSilos(target))!);
}

internal sealed class BesideItsFeedDirector(PartitionCounts partitions) : IPlacementDirector
{
    public async Task<SiloAddress> OnAddActivation(PlacementStrategy strategy, PlacementTarget target, IPlacementContext context)
    {
        var silos = context.GetCompatibleSilos(target);
        if (silos.Length == 1) return silos[0];
        var record = RecordKey.Parse(target.GrainIdentity.Key.ToString()!);
        return FeedHomes.Choose(record.FeedOf(await partitions.Of(record.Collection)), silos)!;
    }
}
