using System.Diagnostics;
using Xunit.Abstractions;

namespace OrleansSync.EndToEnd.Nodes;

/// <summary>Guarantees 1, 2, 3 and 6 when a node hangs under load: its sockets are open, its connections stand, and nobody answers.</summary>
[Collection(WithTheMachineToItself.Name)]
public sealed class HangingNode(ITestOutputHelper output)
{
    private static readonly TimeSpan WriterDeadline = TimeSpan.FromSeconds(3);

    [Fact]
    public async Task Its_clients_go_elsewhere_and_those_of_others_wait_for_seconds()
    {
        await using var cluster = await Cluster.Started(output, [NodeKind.Both, NodeKind.Both, NodeKind.Both]);
        var (hung, other) = (cluster[0], cluster[1]);
        await using var records = new WatchedRecords(other.Http);
        await records.Write(other.Http);
        await records.AreRead();
        await using var load = new Load(cluster.Gateways, writers: 12, WriterDeadline, "notes", "tasks");
        await load.ProgressOfEach();

        hung.Process.Pause();
        var clock = Stopwatch.StartNew();
        output.WriteLine(Waits.Of("writes through another node to all records", await records.Write(other.Http)));
        await load.ProgressOfEach();
        output.WriteLine($"each writer has gone on {clock.Elapsed.TotalSeconds:0.0} s after the node stood still");
        Assert.True(clock.Elapsed < TimeSpan.FromSeconds(30));
        hung.Process.Resume();
        Assert.Equal(DeclaredDead.ExitCode, await DeclaredDead.Ends(hung));
        await hung.Start();
        await load.Progress();

        output.WriteLine($"{load.Answered} writes, the longest {load.Longest.TotalMilliseconds:0} ms, {load.Refusals} to be sent again; {records}");
        Assert.Null(records.Stale);
        await load.EndsWithTheTruth();
    }
}
