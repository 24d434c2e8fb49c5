using System.Diagnostics;
using Xunit.Abstractions;

namespace OrleansSync.EndToEnd.Nodes;

/// <summary>Nodes that are told to end, one after the other, as a new version is brought out: clients that resume hardly notice.</summary>
[Collection(WithTheMachineToItself.Name)]
public sealed class RestartingNodes(ITestOutputHelper output)
{
    private static readonly TimeSpan DrainTime = TimeSpan.FromSeconds(10);

    [Fact]
    public async Task A_rolling_restart_under_load_loses_nothing_and_refuses_nobody()
    {
        await using var cluster = await Cluster.Started(output, [NodeKind.Both, NodeKind.Both, NodeKind.Both]);
        await using var load = new Load(cluster.Gateways, writers: 24, "notes", "tasks");
        await load.Progress();

        foreach (var node in cluster.Nodes)
        {
            var clock = Stopwatch.StartNew();
            Assert.Equal(0, await node.Process.Stop());
            output.WriteLine($"{node} ended in {clock.Elapsed.TotalSeconds:0.0} s");
            Assert.True(clock.Elapsed < DrainTime);
            await load.Progress();
            await node.Start();
            await load.Progress();
        }

        var report = await load.EndsWithTheTruth();
        output.WriteLine($"{report}");
        Assert.True(report.Refusals.Count == 0, string.Join('\n', report.Refusals));
    }

    [Fact]
    public async Task Silos_and_gateways_of_their_own_take_turns_too()
    {
        await using var cluster = await Cluster.Started(output, [NodeKind.Silo, NodeKind.Silo, NodeKind.Gateway, NodeKind.Gateway]);
        await using var load = new Load(cluster.Gateways, writers: 12, "notes");
        await load.Progress();

        foreach (var node in cluster.Nodes)
        {
            var clock = Stopwatch.StartNew();
            Assert.Equal(0, await node.Process.Stop());
            output.WriteLine($"{node} ended in {clock.Elapsed.TotalSeconds:0.0} s");
            await load.Progress();
            await node.Start();
            await load.Progress();
        }

        var report = await load.EndsWithTheTruth();
        output.WriteLine($"{report}");
        Assert.True(report.Refusals.Count == 0, string.Join('\n', report.Refusals));
    }
}
