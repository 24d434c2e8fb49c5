using OrleansSync.Protocol;

namespace OrleansSync.Grains.Tests.Merging;

/// <summary>Writing what is already there (§4.2, §4.3).</summary>
public sealed class EqualValues
{
    [Fact]
    public void An_equal_value_is_no_conflict_though_it_was_not_seen()
    {
        var record = new OneRecord().After(Edits.Put("""{"a":1}""").At(1), Edits.Patch("""{"a":2}""").By("bob").At(5));

        var decision = record.Do(Edits.Patch("""{"a":2}""").At(3).Seen(1));

        Assert.Equal(Outcome.Applied, decision.Outcome);
        Assert.Empty(decision.Fields);
    }

    [Fact]
    public void Under_reject_an_equal_value_is_no_conflict_either()
    {
        var record = new OneRecord(new CollectionSettings { Policy = CollectionSettings.Reject }).After(
            Edits.Put("""{"a":1}""").At(1), Edits.Patch("""{"a":2}""").By("bob").At(5).Seen(1));

        Assert.Equal(Outcome.Applied, record.Do(Edits.Patch("""{"a":2}""").At(3).Seen(1)).Outcome);
    }

    [Fact]
    public void Member_order_and_white_space_make_no_difference()
    {
        var record = new OneRecord().After(Edits.Put("""{"a":1}""").At(1), Edits.Patch("""{"a":[{"x":1,"z":2}]}""").By("bob").At(5));

        Assert.Equal(Outcome.Applied, record.Do(Edits.Patch("""{"a": [ {"z":2, "x":1} ]}""").At(3).Seen(1)).Outcome);
    }

    [Fact]
    public void Another_spelling_of_a_number_is_another_value()
    {
        var record = new OneRecord().After(Edits.Put("""{"a":2}""").At(1), Edits.Patch("""{"a":1}""").By("bob").At(5));

        Assert.Equal(Outcome.Superseded, record.Do(Edits.Patch("""{"a":1.0}""").At(3).Seen(1)).Outcome);
        Assert.Equal("""{"a":1}""", record.Data);
    }

    [Fact]
    public void An_equal_value_raises_the_timestamp()
    {
        var record = new OneRecord().After(Edits.Put("""{"a":1}""").At(3), Edits.Patch("""{"a":1}""").By("bob").At(7));

        Assert.Equal(Outcome.Superseded, record.Do(Edits.Patch("""{"a":2}""").At(5)).Outcome);
    }

    [Fact]
    public void An_equal_value_never_lowers_the_timestamp()
    {
        var record = new OneRecord().After(Edits.Put("""{"a":1}""").At(7), Edits.Patch("""{"a":1}""").By("bob").At(3));

        Assert.Equal(Outcome.Superseded, record.Do(Edits.Patch("""{"a":2}""").At(5)).Outcome);
        Assert.Equal((Edits.Second(7), "ada"), (record.State!.View.Timestamp, record.State.View.Author));
    }
}
