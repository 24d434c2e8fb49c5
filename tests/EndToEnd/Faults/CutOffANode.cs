using OrleansSync.EndToEnd.Nodes;

namespace OrleansSync.EndToEnd.Faults;

/// <summary>A node and the others do not hear each other any more, while clients and the database hear all of them. It is declared dead, ends, and is started again.</summary>
internal sealed class CutOffANode : Fault
{
    private int _place;

    public override string Name => "a node is cut off from the others";

    public override Task Strike(Cluster cluster, Random random)
    {
        var node = cluster.Any(NodeKind.Both, random);
        _place = cluster.Nodes.Index().Single(each => each.Item == node).Index;
        return cluster.Network.CutOff(_place);
    }

    public override async Task During(Cluster cluster) => Assert.Equal(DeclaredDead.ExitCode, await DeclaredDead.Ends(cluster[_place]));

    public override async Task Mend(Cluster cluster)
    {
        await cluster.Network.HealOff(_place);
        await cluster[_place].Start();
    }
}
