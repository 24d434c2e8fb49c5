using CsCheck;
using OrleansSync.Grains.Merging;
using OrleansSync.Protocol;

namespace OrleansSync.Grains.Tests.Merging;

/// <summary>History tells enough to give every earlier version back (§7).</summary>
public sealed class WalkingHistoryBack
{
    [Fact]
    public void Undoing_version_by_version_gives_the_data_of_each() => Gen.Select(RandomHistories.Settings, RandomHistories.Steps).Sample(
        (settings, steps) =>
        {
            var record = new OneRecord(settings);
            foreach (var step in steps)
                record.Do(step.After(record.Version));

            var made = record.Decisions.Where(decision => decision.MakesVersion).ToArray();
            var data = record.State?.Data;
            for (var version = made.Length; version > 0; version--)
            {
                data = HistoryUndo.Undo(data, made[version - 1].Changes);
                AssertSame(record.Versions[version - 1], data, version - 1);
            }
        },
        print: story => RandomHistories.Show(story.Item1, story.Item2));

    [Fact]
    public void So_does_the_conflict_of_each() => ConflictStories.Any.Sample(
        story =>
        {
            var record = new OneRecord(story.Settings);
            var conflicts = new Dictionary<long, string?>();
            foreach (var step in story.Steps)
            {
                step.Do(record);
                conflicts[record.Version] = Edits.Text(record.Conflict);
            }

            var later = record.Conflict;
            foreach (var entry in record.Entries.Where(entry => entry.MadeVersion).Reverse())
            {
                var then = entry.Conflict is { } mark ? later!.AsOf(mark, record.Versions[(int)entry.Version]) : null;
                Assert.Equal(conflicts[entry.Version], Edits.Text(then));
                later = entry.Settlement?.Conflict ?? later;
            }
        },
        print: story => story.ToString());

    [Fact]
    public void A_change_says_what_was_there_and_what_is()
    {
        var record = new OneRecord().After(Edits.Put("""{"title":"Milk","note":"2 l"}"""));

        var changes = record.Do(Edits.Patch("""{"title":"Oat milk","note":null,"done":false}""").Seen(1)).Changes;

        Assert.Equal(
            [("done", null, "false"), ("note", "\"2 l\"", null), ("title", "\"Milk\"", "\"Oat milk\"")],
            changes.OrderBy(change => change.Path, StringComparer.Ordinal).Select(Shown));
    }

    [Fact]
    public void A_superseded_write_says_what_it_wanted()
    {
        var record = new OneRecord().After(Edits.Put("""{"title":"Milk"}""").At(5));

        var decision = record.Do(Edits.Patch("""{"title":"Oat milk"}""").At(3).By("bob"));

        Assert.Equal(Outcome.Superseded, decision.Outcome);
        Assert.Equal([("title", "\"Milk\"", "\"Oat milk\"")], decision.Wanted.Select(Shown));
    }

    private static (string Path, string? From, string? To) Shown(PathChange change) =>
        (change.Path, Edits.Text(change.From), Edits.Text(change.To));

    private static void AssertSame(byte[]? expected, byte[]? actual, int version) => Assert.True(
        expected is null ? actual is null : actual is not null && DataText.AreEqual(expected, actual),
        $"version {version} was {Edits.Text(expected)}, undone to {Edits.Text(actual)}");
}
