using CsCheck;

namespace OrleansSync.Histories.Tests;

/// <summary>What a store that keeps its promises can show passes, whatever its clients do, and with one thing in it changed no more.</summary>
public sealed class AnyGoodHistory
{
    private static readonly Gen<int[]> Chance = Gen.Int[0, 1_000_000].Array[0, 400];

    public static TheoryData<string> Mutations() => [.. Mutation.All.Keys];

    [Fact]
    public void Passes() => Chance.Sample(numbers =>
    {
        var verdict = Checker.Of(Simulation.Of(numbers));
        Assert.True(verdict.IsGood, verdict.ToString());
    });

    [Theory]
    [MemberData(nameof(Mutations))]
    public void Does_not_pass_any_more_with(string change)
    {
        var (expected, mutate) = Mutation.All[change];
        var changed = 0;
        Gen.Select(Chance, Gen.Int[0, 1_000_000]).Sample((numbers, where) =>
        {
            if (mutate(Simulation.Of(numbers), where) is not { } bad) return;
            Interlocked.Increment(ref changed);
            Assert.Contains(Checker.Of(bad).Breaches, breach => expected.Contains(breach.Flaw));
        });
        Assert.True(changed >= 20, $"Only {changed} histories could be changed so.");
    }
}
