using System.Diagnostics;
using Xunit.Abstractions;

namespace OrleansSync.EndToEnd.Nodes;

/// <summary>
/// Guarantees 1, 2, 3 and 6 when nodes run on and do not hear each other, while the database and the clients may hear all of them: nobody may be
/// served two truths.
/// </summary>
[Collection(WithTheMachineToItself.Name)]
public sealed class CuttingTheNetwork(ITestOutputHelper output)
{
    private static readonly NodeKind[] Three = [NodeKind.Both, NodeKind.Both, NodeKind.Both];

    /// <summary>A gateway asks for ten seconds, and its last question may take four.</summary>
    private static readonly TimeSpan ClientDeadline = TimeSpan.FromSeconds(15);

    private static readonly TimeSpan WriterDeadline = TimeSpan.FromSeconds(3);

    [NetworkFact]
    public async Task A_node_that_is_cut_off_from_the_others_reads_nothing_stale_and_ends_while_they_go_on()
    {
        await using var cluster = await Cluster.StartedOnNetwork(output, Three);
        var (cutOff, other) = (cluster[0], cluster[1]);
        await using var records = await Warm(cutOff);
        await using var load = new Load(cluster.Gateways, writers: 12, "notes", "tasks");
        await load.Progress();

        var clock = Stopwatch.StartNew();
        await cluster.Network.CutOff(0);
        output.WriteLine(Waits.Of("writes to all records through another node", await records.Write(other.Http)));
        await load.Progress();
        Assert.Equal(DeclaredDead.ExitCode, await DeclaredDead.Ends(cutOff));
        output.WriteLine($"it ended {clock.Elapsed.TotalSeconds:0.0} s after the cut");
        await cluster.Network.HealOff(0);
        await cutOff.Start();

        await EndsWell(load, records, cutOff, other);
    }

    [NetworkFact]
    public async Task A_node_that_is_cut_off_from_the_database_too_reads_nothing_and_ends_when_it_hears_again()
    {
        await using var cluster = await Cluster.StartedOnNetwork(output, Three);
        var (cutOff, other) = (cluster[0], cluster[1]);
        await using var records = await Warm(cutOff);
        await using var load = new Load(cluster.Gateways, writers: 12, "notes", "tasks");
        await load.Progress();

        await cluster.Network.CutOff(0);
        await cluster.Network.CutDatabase(0);
        output.WriteLine(Waits.Of("writes to all records through another node", await records.Write(other.Http)));
        await load.Progress();
        Assert.True(cutOff.Process.IsRunning);
        await cluster.Network.HealOff(0);
        await cluster.Network.HealDatabase(0);
        Assert.Equal(DeclaredDead.ExitCode, await DeclaredDead.Ends(cutOff));
        await cutOff.Start();

        await EndsWell(load, records, cutOff, other);
    }

    [NetworkFact]
    public async Task Of_two_nodes_that_do_not_hear_each_other_one_ends_and_there_is_one_truth_all_the_time()
    {
        await using var cluster = await Cluster.StartedOnNetwork(output, Three);
        var (one, other, between) = (cluster[0], cluster[1], cluster[2]);
        await using var records = await Warm(one);
        await using var load = new Load(cluster.Gateways, writers: 12, WriterDeadline, "notes", "tasks");
        await load.Progress();

        var clock = Stopwatch.StartNew();
        await cluster.Network.Cut(0, 1);
        output.WriteLine(Waits.Of("writes to all records through the third node", await records.Write(between.Http)));
        await load.ProgressOfEach();
        output.WriteLine($"each writer has gone on {clock.Elapsed.TotalSeconds:0.0} s after the cut");
        await Task.WhenAny(one.Process.Ended(), other.Process.Ended()).WaitAsync(TimeSpan.FromSeconds(40));
        var (ended, stays) = one.Process.IsRunning ? (other, one) : (one, other);
        output.WriteLine($"{ended} ended {clock.Elapsed.TotalSeconds:0.0} s after the cut");
        Assert.Equal(DeclaredDead.ExitCode, await DeclaredDead.Ends(ended));
        output.WriteLine(Waits.Of("writes to all records through the one that stays", await records.Write(stays.Http)));
        await cluster.Network.Heal(0, 1);
        await ended.Start();

        Assert.True(stays.Process.IsRunning);
        await EndsWell(load, records, one, stays);
    }

    [NetworkFact]
    public async Task A_network_that_comes_and_goes_makes_no_second_truth()
    {
        await using var cluster = await Cluster.StartedOnNetwork(output, Three);
        var (cutOff, other) = (cluster[0], cluster[1]);
        await using var records = await Warm(cutOff);
        await using var load = new Load(cluster.Gateways, writers: 12, "notes", "tasks");
        await load.Progress();

        for (var cut = 0; cut < 6; cut++)
        {
            // From cuts that nobody minds to some that may be the end of it.
            using var flap = new PeriodicTimer(TimeSpan.FromMilliseconds(100 + (200 * cut)));
            await cluster.Network.CutOff(0);
            var writing = records.Write(other.Http);
            await flap.WaitForNextTickAsync();
            await cluster.Network.HealOff(0);
            output.WriteLine(Waits.Of($"writes around cut {cut + 1}", await writing));
        }

        await EndsWell(load, records, cutOff, other);
    }

    /// <summary>Records that the node has in memory and is being asked for.</summary>
    private static async Task<WatchedRecords> Warm(Node node)
    {
        var records = new WatchedRecords(node.Http);
        await records.Write(node.Http);
        await records.AreRead();
        return records;
    }

    private async Task EndsWell(Load load, WatchedRecords records, Node reader, Node asked)
    {
        await load.ProgressOfEach();
        await records.Write(asked.Http);
        var read = records.AreRead();
        if (await Task.WhenAny(read, reader.Process.Ended()) != read)
        {
            // It was away for longer than it could be, and has learned it only now.
            Assert.Equal(DeclaredDead.ExitCode, await DeclaredDead.Ends(reader));
            await reader.Start();
        }
        await read;

        output.WriteLine($"{load.Answered} writes, the longest {load.Longest.TotalMilliseconds:0} ms, {load.Refusals} to be sent again; {records}");
        Assert.Null(records.Stale);
        Assert.True(records.Longest < ClientDeadline, $"A reader waited for {records.Longest}.");
        await load.EndsWithTheTruth();
    }
}
