using OrleansSync.EndToEnd.Nodes;

namespace OrleansSync.EndToEnd.Faults;

/// <summary>kill -9 of one process, and another start of it.</summary>
internal sealed class KillANode(NodeKind kind) : Fault
{
    private Node _victim = null!;

    public override string Name => kind == NodeKind.Gateway ? "kill -9 of a gateway" : "kill -9 of a silo";

    public override Task Strike(Cluster cluster, Random random)
    {
        _victim = cluster.Any(kind, random);
        return _victim.Kill();
    }

    public override Task Mend(Cluster cluster) => _victim.Start();
}
