using OrleansSync.EndToEnd.Nodes;

namespace OrleansSync.EndToEnd.Faults;

/// <summary>kill -9 of every process at once, the database included.</summary>
internal sealed class KillAll : Fault
{
    public override string Name => "kill -9 of everything at once";

    public override bool WritesGoOn => false;

    public override Task Strike(Cluster cluster, Random random) => Task.WhenAll(cluster.Kill(), cluster.Postgres.Kill());

    public override async Task Mend(Cluster cluster)
    {
        await cluster.Postgres.StartAgain();
        await cluster.Start();
    }
}
