using Orleans.Runtime;
using OrleansSync.Grains.Feeds;
using OrleansSync.Storage;

namespace OrleansSync.Grains.Placement;

/// <summary>
/// Which silo is home to a feed partition and to the records that it carries, so that a write crosses no process between them. Each silo
/// computes it by itself; when silos come and go only the feeds that have to move do (rendezvous hashing over addresses, which a silo that
/// is started again has again).
/// </summary>
internal sealed class FeedHomes(IClusterMembershipService membership, ILocalSiloDetails here)
{
    private (MembershipVersion Version, SiloAddress[] Silos)? _active;

    /// <summary>Where the feed belongs; null while no silo is active.</summary>
    public SiloAddress? HomeOf(FeedKey feed) => Choose(feed, Active());

    /// <summary>False when the feed belongs to another silo.</summary>
    public bool IsHere(FeedKey feed) => HomeOf(feed) is not { } home || home.Equals(here.SiloAddress);

    public static SiloAddress? Choose(FeedKey feed, IReadOnlyList<SiloAddress> silos)
    {
        if (silos.Count == 1) return silos[0];
        var (best, weight) = ((SiloAddress?)null, long.MinValue);
        foreach (var silo in silos)
        {
            var its = WriteHash.Of(silo.Endpoint.ToString(), feed.ToString());
            if (best is null || its > weight) (best, weight) = (silo, its);
        }

        return best;
    }

    private SiloAddress[] Active()
    {
        var snapshot = membership.CurrentSnapshot;
        if (_active is { } known && known.Version == snapshot.Version) return known.Silos;
        var silos = snapshot.Members.Values.Where(member => member.Status == SiloStatus.Active).Select(member => member.SiloAddress).ToArray();
        _active = (snapshot.Version, silos);
        return silos;
    }
}
