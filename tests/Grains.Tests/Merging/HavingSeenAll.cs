using System.Text.Json.Nodes;
using CsCheck;
using OrleansSync.Protocol;

namespace OrleansSync.Grains.Tests.Merging;

/// <summary>Whatever happened to a record before: a write by someone who saw it as it stands does exactly what it says (§4.2, §4.3).</summary>
public sealed class HavingSeenAll
{
    private static readonly Gen<(CollectionSettings, RandomHistories.Step[], Write)> Stories = Gen.Select(
        RandomHistories.Settings,
        RandomHistories.Steps,
        RandomEdits.Stamped(Gen.Frequency((2, RandomEdits.Put), (3, RandomEdits.Patch), (1, Gen.Const(Edits.Delete())))));

    [Fact]
    public void With_the_version_that_stands_as_base() => Stories.Sample(
        (settings, steps, last) => AssertDone(Lived(settings, steps), record => last.By("cy", "c").Seen(record.Version)),
        print: Show);

    [Fact]
    public void With_the_version_that_stands_as_precondition() => Stories.Sample(
        (settings, steps, last) => AssertDone(Lived(settings, steps), record => last.By("cy", "c").If(Precondition.At(record.Version))),
        print: Show);

    [Fact]
    public void Or_without_a_timestamp_where_timestamps_decide() => Stories.Sample(
        (settings, steps, last) => AssertDone(
            Lived(new CollectionSettings { Granularity = settings.Granularity }, steps), _ => last.By("cy", "c") with { Timestamp = null }),
        print: Show);

    private static OneRecord Lived(CollectionSettings settings, RandomHistories.Step[] steps)
    {
        var record = new OneRecord(settings);
        foreach (var step in steps)
            record.Do(step.After(record.Version));
        return record;
    }

    private static void AssertDone(OneRecord record, Func<OneRecord, Write> last)
    {
        if (record.State is not { Deleted: false } before)
            return;

        var write = last(record);
        var decision = record.Do(write);
        if (before.Conflict is not null && write.Op == WriteOp.Delete)
        {
            // While people have something to decide, a delete waits whatever it has seen.
            Assert.Equal(Outcome.Held, decision.Outcome);
            return;
        }

        Assert.Equal(Outcome.Applied, decision.Outcome);
        Assert.Empty(decision.Fields);
        Assert.Equal(before.Version + 1, record.Version);
        Assert.True(record.State.View.Timestamp >= before.View.Timestamp);
        AssertSame(Wanted(before.Data!, write), record.State.Data);
    }

    private static byte[]? Wanted(byte[] before, Write write) => write.Op switch
    {
        WriteOp.Put => write.Data,
        WriteOp.Patch => Edits.Bytes(NaiveReplay.MergePatch(JsonNode.Parse(before), JsonNode.Parse(write.Data))!.ToJsonString()),
        _ => null,
    };

    private static void AssertSame(byte[]? expected, byte[]? actual) => Assert.True(
        expected is null ? actual is null : actual is not null && DataText.AreEqual(expected, actual),
        $"expected {Edits.Text(expected)}, is {Edits.Text(actual)}");

    private static string Show((CollectionSettings Settings, RandomHistories.Step[] Steps, Write Last) story) =>
        $"{RandomHistories.Show(story.Settings, story.Steps)}\n  then {RandomEdits.Show(story.Last)}";
}
