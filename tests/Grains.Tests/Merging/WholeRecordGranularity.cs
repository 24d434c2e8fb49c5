using CsCheck;
using OrleansSync.Protocol;

namespace OrleansSync.Grains.Tests.Merging;

/// <summary>The data as one value (§4.5).</summary>
public sealed class WholeRecordGranularity
{
    private static readonly CollectionSettings Whole = new() { Granularity = Granularity.Record };

    private readonly OneRecord _record = new OneRecord(Whole).After(
        Edits.Put("""{"a":1,"b":1}""").At(1), Edits.Patch("""{"a":2}""").By("bob").At(5));

    [Fact]
    public void An_earlier_patch_loses_whole()
    {
        var decision = _record.Do(Edits.Patch("""{"b":2}""").At(3).Seen(1));

        Assert.Equal(Outcome.Superseded, decision.Outcome);
        Assert.Equal([("", Kept.Current, "timestamp")], decision.Paths());
        Assert.Equal("""{"a":2,"b":1}""", _record.Data);
    }

    [Fact]
    public void A_later_patch_wins_whole_and_is_applied_to_the_current_data()
    {
        var decision = _record.Do(Edits.Patch("""{"b":2}""").At(7).Seen(1));

        Assert.Equal(Outcome.Merged, decision.Outcome);
        Assert.Equal([("", Kept.Incoming, "timestamp")], decision.Paths());
        Assert.Equal("""{"a":2,"b":2}""", _record.Data);
    }

    [Fact]
    public void A_patch_that_has_seen_the_record_applies_whatever_its_timestamp()
    {
        var decision = _record.Do(Edits.Patch("""{"b":2}""").At(3).Seen(2));

        Assert.Equal(Outcome.Applied, decision.Outcome);
        Assert.Equal("""{"a":2,"b":2}""", _record.Data);
    }

    [Fact]
    public void A_later_put_replaces_everything()
    {
        _record.Do(Edits.Put("""{"c":1}""").At(7).Seen(1));

        Assert.Equal("""{"c":1}""", _record.Data);
    }

    [Fact]
    public void A_later_patch_brings_a_deleted_record_back_and_names_only_the_whole()
    {
        _record.Do(Edits.Delete().By("bob").At(6));

        var decision = _record.Do(Edits.Patch("""{"a":3}""").At(7).Seen(1));

        Assert.Equal([("", Kept.Incoming, "timestamp")], decision.Paths());
        Assert.Equal("""{"a":3,"b":1}""", _record.Data);
    }

    [Fact]
    public void A_custom_policy_is_asked_about_the_whole()
    {
        var record = new OneRecord(Whole with { Policy = "custom:max" }).After(
            Edits.Put("""{"a":1,"b":1}""").At(1), Edits.Patch("""{"a":9}""").By("bob").At(5));

        var decision = record.Do(Edits.Patch("""{"a":2}""").At(7).Seen(1));

        Assert.Equal([("", Kept.Incoming, "custom:max")], decision.Paths());
        Assert.Equal("""{"a":2,"b":1}""", record.Data);
    }

    [Fact]
    public void Behind_a_tombstone_too()
    {
        var record = new OneRecord(Whole with { Policy = "custom:max" }).After(
            Edits.Put("""{"a":1,"b":1}""").At(1), Edits.Patch("""{"a":9}""").By("bob").At(5), Edits.Delete().By("bob").At(6));

        var decision = record.Do(Edits.Patch("""{"a":2}""").At(7).Seen(1));

        Assert.All(decision.Fields, field => Assert.Equal("", field.Path));
        Assert.Equal("""{"a":2,"b":1}""", record.Data);
    }

    [Fact]
    public void Under_reject_any_unseen_edit_rejects()
    {
        var record = new OneRecord(Whole with { Policy = CollectionSettings.Reject }).After(
            Edits.Put("""{"a":1,"b":1}""").At(1), Edits.Patch("""{"a":2}""").By("bob").At(5).Seen(1));

        record.AssertRefused(Edits.Patch("""{"b":2}""").At(9).Seen(1), Outcome.Rejected, Codes.ConcurrentEdit);
    }

    [Fact]
    public void Operations_are_never_superseded_here_either()
    {
        var decision = _record.Do(Edits.Patch("""{"a":{"$increment":5}}""").At(3).Seen(1));

        Assert.True(decision.MakesVersion);
        Assert.Equal("""{"a":7,"b":1}""", _record.Data);
    }

    [Fact]
    public void Puts_and_deletes_in_any_order_give_what_they_would_by_timestamp() =>
        Gen.Select(
            RandomEdits.Stamped(RandomEdits.Put),
            RandomEdits.Stamped(Gen.Frequency((3, RandomEdits.Put), (1, Gen.Const(Edits.Delete())))).Array[1, 8])
        .Sample(
            (first, rest) =>
            {
                var writes = RandomEdits.Named(rest.Prepend(first));

                var record = new OneRecord(Whole).After(writes);

                var expected = NaiveReplay.Of(writes);
                Assert.Equal(Edits.Text(expected.Data), record.Data);
                Assert.Equal((expected.Latest.Timestamp, expected.Latest.Author), (record.State!.View.Timestamp, record.State.View.Author));
            },
            print: story => string.Concat(story.Item2.Prepend(story.Item1).Select(write => $"\n  {RandomEdits.Show(write)}")));
}
