using System.Net.Sockets;

namespace OrleansSync.Silo.Cluster;

/// <summary>
/// Which other members this silo reaches. Orleans has a third one asked before it takes a member for dead: two that do not hear each other, while
/// a third hears both, would go on for as long as that lasts, and all between them be refused. Here the first of them to say so stays: a silo that
/// has long not reached a member, but reaches most of all, declares it dead. One that reaches fewer is itself the one that is cut off, and says nothing.
/// </summary>
internal sealed partial class Reach(IClusterMembershipService membership, ILocalSiloDetails self, TimeProvider clock, ILogger<Reach> log) : BackgroundService
{
    // Much longer than a death takes to be noticed by the usual way. Looks are counted, not time: a process that was held up knows nothing of it.
    private const int MissesToGiveUp = 5;
    private static readonly TimeSpan LookPeriod = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    private Dictionary<SiloAddress, int> _misses = [];

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var look = new PeriodicTimer(LookPeriod, clock);
        try
        {
            while (await look.WaitForNextTickAsync(stoppingToken)) await Look(stoppingToken);
        }
        catch (OperationCanceledException)
        {
            // The silo stops.
        }
    }

    private async Task Look(CancellationToken stopping)
    {
        SiloAddress[] others = [.. from member in membership.CurrentSnapshot.Members.Values
                                   where member.Status == SiloStatus.Active && !member.SiloAddress.Equals(self.SiloAddress)
                                   select member.SiloAddress];
        var reached = await Task.WhenAll(others.Select(other => Reaches(other, stopping)));
        _misses = others.Zip(reached).Where(each => !each.Second).ToDictionary(each => each.First, each => _misses.GetValueOrDefault(each.First) + 1);

        var members = others.Length + 1;
        if ((members - _misses.Count) * 2 <= members) return;
        foreach (var (silo, misses) in _misses.Where(each => each.Value >= MissesToGiveUp))
        {
            NotReached(log, silo, misses * LookPeriod.TotalSeconds);
            // Asked of the database beside this, and by the next look again if it was away.
            await membership.TryKill(silo);
        }
    }

    private async Task<bool> Reaches(SiloAddress silo, CancellationToken stopping)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        patience.CancelAfter(Patience);
        using var socket = new Socket(silo.Endpoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            await socket.ConnectAsync(silo.Endpoint, patience.Token);
            return true;
        }
        catch (Exception failure) when (failure is SocketException or OperationCanceledException)
        {
            stopping.ThrowIfCancellationRequested();
            return false;
        }
    }

    [LoggerMessage(1, LogLevel.Warning, "Silo {Silo} has not been reached from here for {Seconds} s, while most others were: it is declared dead")]
    private static partial void NotReached(ILogger log, SiloAddress silo, double seconds);
}
