using OrleansSync.Protocol;

namespace OrleansSync.Grains.Tests.Merging;

/// <summary>How far down a write reaches: to values that are not objects, and to all below what it replaces (§4.2).</summary>
public sealed class NestedValues
{
    [Fact]
    public void Members_of_one_object_are_fields_of_their_own()
    {
        var record = new OneRecord().After(
            Edits.Put("""{"a":{"x":1,"z":1}}""").At(1), Edits.Patch("""{"a":{"x":2}}""").By("bob").At(5));

        var decision = record.Do(Edits.Patch("""{"a":{"z":2}}""").At(3).Seen(1));

        Assert.Equal(Outcome.Applied, decision.Outcome);
        Assert.Equal("""{"a":{"x":2,"z":2}}""", record.Data);
    }

    [Fact]
    public void An_array_is_one_value()
    {
        var record = new OneRecord().After(
            Edits.Put("""{"a":[1,2]}""").At(1), Edits.Patch("""{"a":[1,2,3]}""").By("bob").At(5));

        var decision = record.Do(Edits.Patch("""{"a":[0,1,2]}""").At(7).Seen(1));

        Assert.Equal([("a", Kept.Incoming, "timestamp")], decision.Paths());
        Assert.Equal("""{"a":[0,1,2]}""", record.Data);
    }

    [Fact]
    public void Replacing_an_object_is_concurrent_with_an_unseen_edit_inside_it()
    {
        var record = new OneRecord().After(
            Edits.Put("""{"a":{"x":1,"z":1}}""").At(1), Edits.Patch("""{"a":{"x":2}}""").By("bob").At(5));

        var decision = record.Do(Edits.Patch("""{"a":"gone"}""").At(7).Seen(1));

        Assert.Equal(Outcome.Merged, decision.Outcome);
        Assert.Equal("""{"a":"gone"}""", record.Data);
    }

    [Fact]
    public void A_later_edit_inside_outlives_an_earlier_removal_of_the_whole()
    {
        var record = new OneRecord().After(
            Edits.Put("""{"a":{"x":1,"z":1}}""").At(1), Edits.Patch("""{"a":{"x":2}}""").By("bob").At(5));

        var decision = record.Do(Edits.Patch("""{"a":null}""").At(3));

        Assert.Equal(Outcome.Merged, decision.Outcome);
        Assert.Equal("""{"a":{"x":2}}""", record.Data);
    }

    [Fact]
    public void An_edit_inside_what_an_earlier_value_replaced_makes_it_an_object_again()
    {
        var record = new OneRecord().After(Edits.Put("""{"a":{"x":1}}""").At(1), Edits.Patch("""{"a":5}""").By("bob").At(3));

        record.Do(Edits.Patch("""{"a":{"z":1}}""").At(7));

        Assert.Equal("""{"a":{"z":1}}""", record.Data);
    }

    [Theory]
    [InlineData("5", """{"a":5}""")]
    [InlineData("null", "{}")]
    public void Later_than_all_unseen_edits_inside_a_value_replaces_the_seen_ones_too(string value, string expected)
    {
        var record = new OneRecord().After(
            Edits.Put("""{"a":{"x":1}}""").At(1),
            Edits.Patch("""{"a":{"z":1}}""").By("bob").At(9),
            Edits.Patch("""{"a":{"x":2}}""").By("bob").At(3));

        var decision = record.Do(Edits.Patch($$"""{"a":{{value}}}""").At(7).Seen(2));

        Assert.Equal(Outcome.Merged, decision.Outcome);
        Assert.Equal(expected, record.Data);
    }

    [Fact]
    public void Removing_what_is_not_there_leaves_the_objects_around_it()
    {
        var record = new OneRecord().After(Edits.Put("{}").At(1), Edits.Patch("""{"a":{"x":null}}""").At(2));

        Assert.Equal("""{"a":{}}""", record.Data);
    }

    [Fact]
    public void A_put_may_store_a_null_and_a_patch_removes_with_one()
    {
        var record = new OneRecord().After(Edits.Put("""{"a":null,"b":null}""").At(1));
        Assert.Equal("""{"a":null,"b":null}""", record.Data);

        record.Do(Edits.Patch("""{"b":null}""").At(2));
        Assert.Equal("""{"a":null}""", record.Data);
    }

    [Fact]
    public void A_removal_can_be_superseded_like_any_value()
    {
        var record = new OneRecord().After(Edits.Put("""{"a":1}""").At(1), Edits.Patch("""{"a":2}""").By("bob").At(5));

        var decision = record.Do(Edits.Patch("""{"a":null}""").At(3));

        Assert.Equal(Outcome.Superseded, decision.Outcome);
        Assert.Equal("""{"a":2}""", record.Data);
    }

    [Fact]
    public void A_removed_field_stays_removed_for_edits_from_before()
    {
        var record = new OneRecord().After(Edits.Put("""{"a":1}""").At(1), Edits.Patch("""{"a":null}""").By("bob").At(5));

        var decision = record.Do(Edits.Patch("""{"a":2}""").At(3));

        Assert.Equal([("a", Kept.Current, "timestamp")], decision.Paths());
        Assert.Equal("{}", record.Data);
    }

    [Fact]
    public void Dots_and_backslashes_in_names_are_escaped_in_paths()
    {
        var record = new OneRecord().After(
            Edits.Put("""{"a.b":{"c\\d":1}}""").At(1), Edits.Patch("""{"a.b":{"c\\d":2}}""").By("bob").At(5));

        var decision = record.Do(Edits.Patch("""{"a.b":{"c\\d":3}}""").At(3));

        Assert.Equal([(@"a\.b.c\\d", Kept.Current, "timestamp")], decision.Paths());
    }
}
