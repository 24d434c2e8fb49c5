using CsCheck;
using OrleansSync.Protocol;

namespace OrleansSync.Grains.Tests.Merging;

/// <summary>Nobody conflicts with their own earlier edits (§4.2), however old the version they still name.</summary>
public sealed class OwnEditsNeverConflict
{
    private static readonly Gen<(Write Write, int Back, int Pause)[]> Sequence =
        Gen.Select(Gen.Frequency((1, RandomEdits.Put), (2, RandomEdits.Patch)), Gen.Int[0, 9], Gen.Int[0, 2]).Array[1, 12];

    [Theory]
    [InlineData(CollectionSettings.LastWriterWins)]
    [InlineData(CollectionSettings.Reject)]
    [InlineData("custom:max")]
    public void Sequenceof_one_device_with_stale_bases_all_apply(string policy) => Sequence.Sample(
        edits =>
        {
            var record = new OneRecord(new CollectionSettings { Policy = policy })
                .After(Edits.Put("{}").By("ada", "phone").At(0).Seen(0));
            var second = 0;
            foreach (var (write, back, pause) in edits)
            {
                second += pause;
                var decision = record.Do(write.By("ada", "phone").At(second).Seen(Math.Max(0, record.Version - back)));

                Assert.Equal(Outcome.Applied, decision.Outcome);
                Assert.Empty(decision.Fields);
            }
        },
        print: edits => string.Concat(edits.Select(edit => $"\n  {RandomEdits.Show(edit.Write)}, back {edit.Back}, pause {edit.Pause}")));

    [Fact]
    public void The_same_author_on_another_device_does_conflict()
    {
        var record = Written("phone", 5);

        var decision = record.Do(Edits.Patch("""{"a":2}""").By("ada", "tab").At(6).Seen(0));

        Assert.Equal(Outcome.Merged, decision.Outcome);
    }

    [Fact]
    public void Without_a_named_device_an_author_does_conflict_with_themselves()
    {
        var record = Written(null, 5);

        var decision = record.Do(Edits.Patch("""{"a":2}""").By("ada").At(6).Seen(0));

        Assert.Equal(Outcome.Merged, decision.Outcome);
    }

    [Fact]
    public void Anonymous_is_one_author()
    {
        var record = new OneRecord().After(Edits.Put("""{"a":1}""").By(Write.Anonymous, "phone").At(5));

        var decision = record.Do(Edits.Patch("""{"a":2}""").By(Write.Anonymous, "phone").At(6).Seen(0));

        Assert.Equal(Outcome.Applied, decision.Outcome);
    }

    [Fact]
    public void An_own_edit_from_before_ones_own_later_edit_does_conflict()
    {
        var record = Written("phone", 5);

        var decision = record.Do(Edits.Patch("""{"a":2}""").By("ada", "phone").At(4).Seen(0));

        Assert.Equal(Outcome.Superseded, decision.Outcome);
        Assert.Equal("""{"a":1}""", record.Data);
    }

    [Fact]
    public void Own_timestamps_count_as_sent_not_as_raised()
    {
        var record = new OneRecord().After(
            Edits.Put("""{"a":1}""").By("bob").At(9),
            Edits.Patch("""{"a":2}""").By("ada", "phone").At(3).Seen(1));

        var decision = record.Do(Edits.Patch("""{"a":3}""").By("ada", "phone").At(4).Seen(1));

        Assert.Equal(Outcome.Applied, decision.Outcome);
        Assert.Equal("""{"a":3}""", record.Data);
    }

    [Theory]
    [InlineData(CollectionSettings.LastWriterWins)]
    [InlineData(CollectionSettings.Reject)]
    public void Nor_does_an_edit_after_ones_own_delete(string policy)
    {
        foreach (var edit in new[] { Edits.Put("""{"a":2}"""), Edits.Patch("""{"a":2}""") })
        {
            var record = new OneRecord(new CollectionSettings { Policy = policy }).After(
                Edits.Put("""{"a":1}""").By("ada", "phone").At(1), Edits.Delete().By("ada", "phone").At(5).Seen(1));

            var decision = record.Do(edit.By("ada", "phone").At(7).Seen(1));

            Assert.Equal(Outcome.Applied, decision.Outcome);
            Assert.Empty(decision.Fields);
            Assert.Equal("""{"a":2}""", record.Data);
        }
    }

    [Theory]
    [InlineData(CollectionSettings.LastWriterWins)]
    [InlineData(CollectionSettings.Reject)]
    public void Nor_does_a_delete_after_ones_own_edit(string policy)
    {
        var record = new OneRecord(new CollectionSettings { Policy = policy }).After(
            Edits.Put("""{"a":1}""").By("ada", "phone").At(1), Edits.Patch("""{"a":2}""").By("ada", "phone").At(5).Seen(1));

        Assert.Equal(Outcome.Applied, record.Do(Edits.Delete().By("ada", "phone").At(7).Seen(1)).Outcome);
        Assert.Null(record.Data);
    }

    private static OneRecord Written(string? client, int second) =>
        new OneRecord().After(Edits.Put("""{"a":1}""").By("ada", client).At(second));
}
