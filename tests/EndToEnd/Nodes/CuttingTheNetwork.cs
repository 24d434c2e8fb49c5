using System.Diagnostics;
using Xunit.Abstractions;

namespace OrleansSync.EndToEnd.Nodes;

/// <summary>
/// Guarantees 1, 2, 3 and 6 when nodes run on and do not hear each other, while the database and the clients hear all of them: nobody may be
/// served two truths.
/// </summary>
[Collection(WithTheMachineToItself.Name)]
public sealed class CuttingTheNetwork(ITestOutputHelper output)
{
    private static readonly NodeKind[] Three = [NodeKind.Both, NodeKind.Both, NodeKind.Both];

    [NetworkFact]
    public async Task A_node_that_is_cut_off_reads_nothing_stale_and_ends_while_the_others_go_on()
    {
        await using var cluster = await Cluster.StartedOnNetwork(output, Three);
        var (cutOff, other) = (cluster[0], cluster[1]);
        await using var load = new Load(cluster.Gateways, writers: 12, "notes", "tasks");
        await using var records = new WatchedRecords(cutOff.Http);
        await records.Write(other.Http);
        await records.AreRead();
        await load.Progress();

        var clock = Stopwatch.StartNew();
        await cluster.Network.CutOff(0);
        var waits = await records.Write(other.Http);
        Show("writes to all records through the others", waits, clock);
        await load.Progress();
        await EndsPlainly(cutOff);
        output.WriteLine($"the node that was cut off ended after {clock.Elapsed.TotalSeconds:0.0} s");
        await cluster.Network.HealOff(0);
        await cutOff.Start();
        await load.Progress();

        output.WriteLine($"{load.Answered} writes, the longest {load.Longest.TotalMilliseconds:0} ms, {load.Refusals} to be sent again; {records}");
        Assert.Null(records.Stale);
        await load.EndsWithTheTruth(other.Http);
    }

    /// <summary>As an operator expects it of a node that has learned that it was declared dead.</summary>
    private static async Task EndsPlainly(Node node)
    {
        Assert.Equal(3, await node.Process.Ended().WaitAsync(TimeSpan.FromSeconds(30)));
        Assert.Contains("they have declared it dead. Start it again.", node.Process.Said, StringComparison.Ordinal);
    }

    private void Show(string what, IReadOnlyCollection<TimeSpan> times, Stopwatch clock)
    {
        var sorted = times.Order().ToArray();
        var load = File.ReadAllText("/proc/loadavg").Split(' ')[0];
        output.WriteLine($"{what}: all after {clock.Elapsed.TotalMilliseconds:0} ms; p50 {sorted[sorted.Length / 2].TotalMilliseconds:0} ms, max {sorted[^1].TotalMilliseconds:0} ms; load average {load}");
    }
}
