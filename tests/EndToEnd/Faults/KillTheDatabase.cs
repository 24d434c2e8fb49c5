using OrleansSync.EndToEnd.Nodes;

namespace OrleansSync.EndToEnd.Faults;

/// <summary>kill -9 of PostgreSQL, which is started again at once.</summary>
internal sealed class KillTheDatabase : Fault
{
    public override string Name => "kill -9 of PostgreSQL";

    public override bool WritesGoOn => false;

    public override Task Strike(Cluster cluster, Random random) => cluster.Postgres.Kill();

    public override async Task Mend(Cluster cluster)
    {
        await cluster.Postgres.StartAgain();
        await cluster.Ready();
    }
}
