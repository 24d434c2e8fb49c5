using OrleansSync.Protocol;

namespace OrleansSync.Grains.Tests.Merging;

/// <summary>Claiming, releasing and resolving an open conflict (§6).</summary>
public sealed class SettlingAConflict
{
    private readonly OneRecord _record = new OneRecord(new CollectionSettings { Policy = CollectionSettings.Manual }).After(
        Edits.Put("""{"title":"Milk","note":"2 l"}""").At(1),
        Edits.Patch("""{"title":"Buy milk","note":"3 l"}""").By("bob").At(5).Seen(1),
        Edits.Patch("""{"title":"Oat milk","note":null}""").By("cleo").At(9).Seen(1),
        Edits.Patch("""{"title":"Soy milk"}""").By("dan").At(10).Seen(1));

    [Fact]
    public void What_is_chosen_stands_and_the_conflict_is_gone()
    {
        var decision = _record.Do(Edits.Resolve(2, Edits.Take("title", 2), Edits.Take("note", 1)).By("eve", "desk"));

        Assert.Equal(Outcome.Applied, decision.Outcome);
        Assert.Equal("""{"title":"Soy milk"}""", _record.Data);
        Assert.Null(_record.Conflict);
        Assert.Equal(("eve", "desk", 5L), (_record.State!.View.Author, _record.State.View.Client, _record.Version));
        Assert.Equal([1], decision.Settlement!.Discarded);
        Assert.Equal([("title", Kept.Incoming, "manual"), ("note", Kept.Incoming, "manual")], decision.Paths());
    }

    [Fact]
    public void What_is_left_out_keeps_what_stands()
    {
        var decision = _record.Do(Edits.Resolve(2, Edits.Give("title", "\"Tea\"")).By("eve"));

        Assert.Equal("""{"title":"Tea","note":"3 l"}""", _record.Data);
        Assert.Equal([1, 2], decision.Settlement!.Discarded);
    }

    [Fact]
    public void A_value_may_be_removed()
    {
        _record.Do(Edits.Resolve(2, Edits.Remove("title")));

        Assert.Equal("""{"note":"3 l"}""", _record.Data);
    }

    [Fact]
    public void Keeping_everything_is_an_edit_too()
    {
        _record.Do(Edits.Resolve(2).By("eve"));

        Assert.Equal("""{"title":"Buy milk","note":"3 l"}""", _record.Data);
        Assert.Equal(("eve", Edits.Second(OneRecord.Now)), (_record.State!.View.Author, _record.State.View.Timestamp));
    }

    [Fact]
    public void A_revision_that_has_passed_is_refused()
    {
        _record.AssertRefused(Edits.Resolve(1, Edits.Take("title", 1)), Outcome.Rejected, Codes.MovedOn);
        _record.AssertRefused(Edits.Resolve(3), Outcome.Rejected, Codes.MovedOn);
    }

    [Fact]
    public void What_was_typed_into_one_that_came_too_late_is_in_its_entry()
    {
        var wanted = Assert.Single(_record.Do(Edits.Resolve(1, Edits.Give("title", "\"Tea\""))).Wanted);

        Assert.Equal(("title", "\"Buy milk\"", "\"Tea\""), (wanted.Path, Edits.Text(wanted.From), Edits.Text(wanted.To)));
    }

    [Fact]
    public void Another_conflict_than_the_one_that_was_looked_at_is_refused()
    {
        var looked = Edits.Resolve(2, Edits.Take("title", 1));

        _record.AssertRefused(looked.Looking("c-2"), Outcome.Rejected, Codes.MovedOn);
        Assert.Equal(Outcome.Applied, _record.Do(looked.Looking("c-3")).Outcome);
    }

    [Fact]
    public void A_second_resolution_finds_none()
    {
        _record.Do(Edits.Resolve(2));

        _record.AssertRefused(Edits.Resolve(2), Outcome.Rejected, Codes.NotFound);
        _record.AssertRefused(Edits.Claim(), Outcome.Rejected, Codes.NotFound);
        new OneRecord().AssertRefused(Edits.Release(), Outcome.Rejected, Codes.NotFound);
    }

    public static TheoryData<Choice> Flawed => new(
        Edits.Take("title", 3), Edits.Take("title", 0), Edits.Take("note", 2), Edits.Take("other", 1), Edits.Current("other"),
        Edits.Give("", "{}"), Edits.Remove(""), Edits.Take("", 1));

    [Theory]
    [MemberData(nameof(Flawed))]
    public void A_choice_that_cannot_be_meant_changes_nothing(Choice choice) =>
        _record.AssertRefused(Edits.Resolve(2, choice), Outcome.Invalid, Codes.Malformed);

    [Fact]
    public void A_claim_keeps_others_from_deciding()
    {
        Assert.Equal(Outcome.Applied, _record.Do(Edits.Claim(60).By("eve", "desk")).Outcome);

        _record.AssertRefused(Edits.Resolve(2).By("ada"), Outcome.Rejected, Codes.Claimed);
        _record.AssertRefused(Edits.Resolve(2).By("eve", "phone"), Outcome.Rejected, Codes.Claimed);
        _record.AssertRefused(Edits.Claim().By("ada"), Outcome.Rejected, Codes.Claimed);
        _record.AssertRefused(Edits.Release().By("ada"), Outcome.Rejected, Codes.Claimed);
        Assert.Equal(Outcome.Applied, _record.Do(Edits.Resolve(2).By("eve", "desk")).Outcome);
    }

    [Fact]
    public void A_claim_is_a_version_but_no_edit_and_no_revision()
    {
        var before = _record.State!.View;

        _record.Do(Edits.Claim(60).By("eve"));

        var after = _record.State.View;
        Assert.Equal((before.Version + 1, before.Timestamp, before.Author), (after.Version, after.Timestamp, after.Author));
        Assert.Equal(2, after.Conflict!.Revision);
        Assert.Equal(new Claim("eve", null, Edits.Second(OneRecord.Now + 60)), after.Conflict.Claim);
    }

    [Fact]
    public void A_claim_lapses_by_itself()
    {
        _record.Do(Edits.Claim(60).By("eve"));
        _record.Clock += 60;

        Assert.Equal(Outcome.Applied, _record.Do(Edits.Claim(60).By("ada")).Outcome);
        Assert.Equal("ada", _record.Conflict!.Claim!.Author);
    }

    [Fact]
    public void Its_holder_renews_it_and_lets_go()
    {
        _record.Do(Edits.Claim(60).By("eve"));
        _record.Clock += 30;
        _record.Do(Edits.Claim().By("eve"));
        Assert.Equal(Edits.Second(OneRecord.Now + 330), _record.Conflict!.Claim!.Until);

        _record.Do(Edits.Release().By("eve"));

        Assert.Null(_record.Conflict.Claim);
        Assert.Equal(Outcome.Applied, _record.Do(Edits.Resolve(2).By("ada")).Outcome);
    }

    [Fact]
    public void Letting_go_of_nothing_changes_nothing()
    {
        var decision = _record.Do(Edits.Release());

        Assert.Equal((Outcome.Applied, false), (decision.Outcome, decision.MakesVersion));
    }

    [Fact]
    public void Without_a_decision_in_time_the_latest_stands()
    {
        var decision = _record.Do(ByTimestamp("c-3"));

        Assert.Equal("""{"title":"Soy milk"}""", _record.Data);
        Assert.Equal([("title", Kept.Incoming, "timestamp"), ("note", Kept.Incoming, "timestamp")], decision.Paths());
        Assert.Equal([1], decision.Settlement!.Discarded);
    }

    [Fact]
    public void Also_where_that_is_what_stood()
    {
        _record.Do(Edits.Patch("""{"title":"Tea"}""").At(20).Seen(4));

        _record.Do(ByTimestamp("c-3"));

        Assert.Equal("""{"title":"Tea"}""", _record.Data);
    }

    [Fact]
    public void A_claim_holds_that_off()
    {
        _record.Do(Edits.Claim(60).By("eve"));

        _record.AssertRefused(ByTimestamp("c-3"), Outcome.Rejected, Codes.Claimed);
    }

    private static Write ByTimestamp(string conflict)
    {
        var write = Edits.Resolve(0).By(Resolution.Server).Looking(conflict);
        return write with { Resolution = write.Resolution! with { ByTimestamp = true } };
    }
}
