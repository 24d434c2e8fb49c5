using OrleansSync.EndToEnd.Nodes;

namespace OrleansSync.EndToEnd.Faults;

/// <summary>Each process is told to end and started again, one after the other.</summary>
internal sealed class RestartAll : Fault
{
    private static readonly TimeSpan DrainTime = TimeSpan.FromSeconds(10);

    public override string Name => "a rolling restart";

    public override async Task Strike(Cluster cluster, Random random)
    {
        foreach (var node in cluster.Nodes)
        {
            Assert.Equal(0, await node.Process.Stop().WaitAsync(DrainTime));
            await node.Start();
        }
    }

    public override Task Mend(Cluster cluster) => Task.CompletedTask;
}
