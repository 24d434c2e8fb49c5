namespace OrleansSync.Silo.Cluster;

/// <summary>Tells the log which silos come and go, a line each: everything else that is said of it is about the same.</summary>
internal sealed partial class MemberNews(IClusterMembershipService membership, ILogger<MemberNews> log) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        HashSet<SiloAddress> known = [];
        try
        {
            await foreach (var snapshot in membership.MembershipUpdates.WithCancellation(stoppingToken))
            {
                var active = snapshot.Members.Values.Where(member => member.Status == SiloStatus.Active).Select(member => member.SiloAddress).ToHashSet();
                foreach (var silo in active.Except(known)) Came(log, silo, active.Count);
                foreach (var silo in known.Except(active)) Went(log, silo, active.Count);
                known = active;
            }
        }
        catch (OperationCanceledException)
        {
            // The silo stops.
        }
    }

    [LoggerMessage(1, LogLevel.Information, "Silo {Silo} is a member of the cluster, which has {Count} now")]
    private static partial void Came(ILogger log, SiloAddress silo, int count);

    [LoggerMessage(2, LogLevel.Information, "Silo {Silo} is no member of the cluster any more, which has {Count} now")]
    private static partial void Went(ILogger log, SiloAddress silo, int count);
}
