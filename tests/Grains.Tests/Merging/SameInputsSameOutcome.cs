using CsCheck;
using OrleansSync.Grains.Merging;
using OrleansSync.Protocol;

namespace OrleansSync.Grains.Tests.Merging;

/// <summary>Guarantee 4, first half: a decision depends on state, write and settings, and on nothing else.</summary>
public sealed class SameInputsSameOutcome
{
    [Fact]
    public void Decided_again_it_is_the_same() => Gen.Select(RandomHistories.Settings, RandomHistories.Steps).Sample(
        (settings, steps) =>
        {
            var record = new OneRecord(settings);
            foreach (var step in steps)
            {
                var write = step.After(record.Version);
                var first = record.Ask(write);
                AssertSame(first, record.Do(write));
                Assert.Equal(first.State?.Save("w").Merge, record.State?.Save("w").Merge);
            }
        },
        print: story => RandomHistories.Show(story.Item1, story.Item2));

    [Fact]
    public void Decided_on_what_was_stored_it_is_the_same() => Gen.Select(RandomHistories.Settings, RandomHistories.Steps).Sample(
        (settings, steps) =>
        {
            var (one, other) = (new OneRecord(settings), new OneRecord(settings));
            foreach (var step in steps)
            {
                var write = step.After(one.Version);
                AssertSame(one.Do(write), other.Reload().Do(write));
            }
        },
        print: story => RandomHistories.Show(story.Item1, story.Item2));

    [Fact]
    public void What_changed_nothing_keeps_its_state() => Gen.Select(RandomHistories.Settings, RandomHistories.Steps).Sample(
        (settings, steps) =>
        {
            var record = new OneRecord(settings);
            foreach (var step in steps)
            {
                var before = record.State;
                var decision = record.Do(step.After(record.Version));
                if (decision.Outcome is Outcome.Rejected or Outcome.Invalid)
                    Assert.Same(before, decision.State);
            }
        },
        print: story => RandomHistories.Show(story.Item1, story.Item2));

    private static void AssertSame(Decision a, Decision b)
    {
        Assert.Equal(a.Outcome, b.Outcome);
        Assert.Equal(a.Fields, b.Fields);
        Assert.Equal(a.Problem, b.Problem);
        Assert.Equal((a.MakesVersion, a.Created), (b.MakesVersion, b.Created));
        Assert.Equal((a.Timestamp, a.State?.LatestSeen, Shown(a.State)), (b.Timestamp, b.State?.LatestSeen, Shown(b.State)));
        Assert.Equal(a.Changes.Select(Shown), b.Changes.Select(Shown));
        Assert.Equal(a.Wanted.Select(Shown), b.Wanted.Select(Shown));
        Assert.Equal(Edits.Text(a.State?.Conflict), Edits.Text(b.State?.Conflict));
    }

    private static (long, Timestamp, string, string?, string?)? Shown(MergeState? state) =>
        state is { View: var view } ? (view.Version, view.Timestamp, view.Author, view.Client, Edits.Text(view.Data)) : null;

    private static (string, string?, string?) Shown(PathChange change) => (change.Path, Edits.Text(change.From), Edits.Text(change.To));
}
