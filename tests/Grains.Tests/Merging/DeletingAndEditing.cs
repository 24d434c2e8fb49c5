using OrleansSync.Protocol;

namespace OrleansSync.Grains.Tests.Merging;

/// <summary>The later of delete and edit wins; a delete keeps the data behind the tombstone (§4.3).</summary>
public sealed class DeletingAndEditing
{
    private readonly OneRecord _record = new OneRecord().After(Edits.Put("""{"a":1,"b":1}""").At(1));

    [Fact]
    public void A_delete_leaves_a_tombstone_that_names_it()
    {
        var decision = _record.Do(Edits.Delete().By("bob", "tab").At(5));

        Assert.Equal(Outcome.Applied, decision.Outcome);
        Assert.True(_record.State!.Deleted);
        Assert.Equal((2, Edits.Second(5), "bob", "tab"),
            (_record.Version, _record.State.View.Timestamp, _record.State.View.Author, _record.State.View.Client));
    }

    [Fact]
    public void A_later_edit_that_had_not_seen_the_delete_brings_the_record_back_with_its_data()
    {
        _record.Do(Edits.Delete().By("bob").At(5));

        var decision = _record.Do(Edits.Patch("""{"a":2}""").At(7).Seen(1));

        Assert.True(decision.MakesVersion);
        Assert.True(decision.Created);
        Assert.Equal("""{"a":2,"b":1}""", _record.Data);
        Assert.Equal(3, _record.Version);
    }

    [Fact]
    public void So_does_one_without_a_base()
    {
        _record.Do(Edits.Delete().By("bob").At(5));

        var decision = _record.Do(Edits.Patch("""{"a":2}""").At(7));

        Assert.Equal(Outcome.Applied, decision.Outcome);
        Assert.Equal("""{"a":2,"b":1}""", _record.Data);
    }

    [Fact]
    public void An_earlier_edit_does_not()
    {
        _record.Do(Edits.Delete().By("bob").At(5));

        var decision = _record.Do(Edits.Patch("""{"a":2}""").At(3).Seen(1));

        Assert.Equal(Outcome.Superseded, decision.Outcome);
        Assert.All(decision.Fields, field => Assert.Equal((Kept.Current, "timestamp"), (field.Kept, field.Rule)));
        Assert.Null(_record.Data);
        Assert.Equal(2, _record.Version);
    }

    [Fact]
    public void What_it_wanted_is_there_when_a_later_edit_brings_the_record_back()
    {
        _record.Do(Edits.Delete().By("bob").At(5));
        _record.Do(Edits.Patch("""{"a":2}""").At(3));
        _record.Reload();

        _record.Do(Edits.Patch("""{"c":1}""").At(7));

        Assert.Equal("""{"a":2,"b":1,"c":1}""", _record.Data);
    }

    [Fact]
    public void A_delete_from_before_an_edit_is_superseded()
    {
        _record.Do(Edits.Patch("""{"a":2}""").By("bob").At(7));

        var decision = _record.Do(Edits.Delete().At(5).Seen(1));

        Assert.Equal(Outcome.Superseded, decision.Outcome);
        Assert.Equal("""{"a":2,"b":1}""", _record.Data);
    }

    [Fact]
    public void A_delete_from_after_an_edit_it_had_not_seen_wins()
    {
        _record.Do(Edits.Patch("""{"a":2}""").By("bob").At(5));

        var decision = _record.Do(Edits.Delete().At(7).Seen(1));

        Assert.True(decision.MakesVersion);
        Assert.Null(_record.Data);
    }

    [Fact]
    public void A_delete_that_has_seen_an_edit_wins_whatever_its_timestamp()
    {
        _record.Do(Edits.Patch("""{"a":2}""").By("bob").At(9));

        var decision = _record.Do(Edits.Delete().At(5).Seen(2));

        Assert.Equal(Outcome.Applied, decision.Outcome);
        Assert.Null(_record.Data);
        Assert.Equal(Outcome.Superseded, _record.Do(Edits.Patch("""{"a":3}""").At(8).By("cy")).Outcome);
    }

    [Fact]
    public void A_put_re_creates_and_versions_go_on()
    {
        _record.Do(Edits.Delete().At(5));

        var decision = _record.Do(Edits.Put("""{"c":1}"""));

        Assert.Equal(Outcome.Applied, decision.Outcome);
        Assert.True(decision.Created);
        Assert.Equal(("""{"c":1}""", 3), (_record.Data, _record.Version));
    }

    [Fact]
    public void A_put_that_saw_the_tombstone_wins_whatever_its_timestamp()
    {
        _record.Do(Edits.Delete().At(5));

        Assert.Equal(Outcome.Applied, _record.Do(Edits.Put("""{"c":1}""").By("bob").At(2).Seen(2)).Outcome);
        Assert.Equal("""{"c":1}""", _record.Data);
    }

    [Fact]
    public void A_put_from_before_the_delete_is_superseded()
    {
        _record.Do(Edits.Delete().At(5));

        Assert.Equal(Outcome.Superseded, _record.Do(Edits.Put("""{"c":1}""").By("bob").At(3)).Outcome);
        Assert.Null(_record.Data);
    }

    [Fact]
    public void Deleting_a_tombstone_applies_without_a_version()
    {
        _record.Do(Edits.Delete().At(5));

        var decision = _record.Do(Edits.Delete().By("bob").At(9));

        Assert.Equal(Outcome.Applied, decision.Outcome);
        Assert.False(decision.MakesVersion);
        Assert.Equal(2, _record.Version);
    }

    [Fact]
    public void Deleting_a_tombstone_later_holds_against_edits_in_between()
    {
        _record.After(Edits.Delete().At(5), Edits.Delete().By("bob").At(9)).Reload();

        Assert.Equal(Outcome.Superseded, _record.Do(Edits.Patch("""{"a":2}""").At(7)).Outcome);
        Assert.Null(_record.Data);
    }
}
