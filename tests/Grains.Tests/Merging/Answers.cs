using OrleansSync.Grains.Merging;
using OrleansSync.Protocol;

namespace OrleansSync.Grains.Tests.Merging;

/// <summary>What tests ask of a decision.</summary>
internal static class Answers
{
    /// <summary>The concurrent paths without the words for people.</summary>
    public static IEnumerable<(string Path, Kept Kept, string Rule)> Paths(this Decision decision) =>
        decision.Fields.Select(field => (field.Path, field.Kept, field.Rule));

    /// <summary>That it was refused with the code, as that outcome, and changed nothing.</summary>
    public static void AssertRefused(this OneRecord record, Write write, Outcome outcome, string code)
    {
        var (before, version) = (record.State, record.Version);

        var decision = record.Do(write);

        Assert.Equal((outcome, code), (decision.Outcome, decision.Problem?.Code));
        Assert.False(decision.MakesVersion);
        Assert.Same(before, record.State);
        Assert.Equal(version, record.Version);
    }
}
