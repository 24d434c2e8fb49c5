using OrleansSync.EndToEnd.Nodes;

namespace OrleansSync.EndToEnd.Faults;

/// <summary>PostgreSQL hangs: it takes connections and says nothing, and goes on after a while as if nothing had happened.</summary>
internal sealed class FreezeTheDatabase(TimeSpan lasts) : Fault
{
    public override string Name => $"PostgreSQL hangs for {lasts.TotalSeconds:0} s";

    public override bool WritesGoOn => false;

    public override TimeSpan Lasts => lasts;

    public override Task Strike(Cluster cluster, Random random) => cluster.Postgres.Freeze();

    public override async Task Mend(Cluster cluster)
    {
        await cluster.Postgres.Thaw();
        await cluster.Ready();
    }
}
