using OrleansSync.EndToEnd.Nodes;

namespace OrleansSync.EndToEnd.Faults;

/// <summary>PostgreSQL is killed, and gone for a while; meanwhile it is asked what nodes say to their clients.</summary>
internal sealed class TakeTheDatabaseAway(TimeSpan lasts) : Fault
{
    private readonly AskingWithoutADatabase _asking = new();

    public override string Name => $"PostgreSQL is away for {lasts.TotalSeconds:0} s";

    public override IReadOnlyList<string> Notes => _asking.Notes;

    public override bool WritesGoOn => false;

    public override TimeSpan Lasts => lasts;

    public override async Task Strike(Cluster cluster, Random random)
    {
        await _asking.Prepare(cluster);
        await cluster.Postgres.Kill();
    }

    public override Task During(Cluster cluster) => _asking.Ask(cluster);

    public override async Task Mend(Cluster cluster)
    {
        await cluster.Postgres.StartAgain();
        // Nobody restarts a node.
        await cluster.Ready();
        await _asking.AskAfterwards(cluster);
    }
}
