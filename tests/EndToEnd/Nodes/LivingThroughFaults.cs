using OrleansSync.EndToEnd.Faults;
using Xunit.Abstractions;

namespace OrleansSync.EndToEnd.Nodes;

/// <summary>
/// Guarantees 1, 2, 3 and 6 while everything around fails: what clients were answered, everywhere and at every moment, is explained by one order
/// of each record's writes, and every subscriber ends with the truth.
/// </summary>
[Collection(WithTheMachineToItself.Name)]
public sealed class LivingThroughFaults(ITestOutputHelper output)
{
    [Fact]
    public Task Processes_that_die_without_a_word() => Survives(new KillANode(NodeKind.Both), new KillANode(NodeKind.Gateway), new KillTheDatabase(), new KillAll());

    [Fact]
    public Task Processes_that_stand_still_or_are_restarted() => Survives(new PauseANode(NodeKind.Both, TimeSpan.FromSeconds(8)), new RestartAll());

    [Fact]
    public Task The_database_is_away() => Survives(new TakeTheDatabaseAway(TimeSpan.FromSeconds(12)));

    private async Task Survives(params Fault[] faults)
    {
        await using var cluster = await Cluster.Started(output, LongRun.Kinds);
        for (var round = 0; round < faults.Length; round++)
        {
            var ordeal = await Ordeal.Under(cluster, faults[round], round, seed: round + 1);
            output.WriteLine($"{ordeal}");
            Assert.True(ordeal.IsGood, $"{ordeal}");
        }
    }
}
