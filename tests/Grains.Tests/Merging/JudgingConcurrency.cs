using OrleansSync.Protocol;

namespace OrleansSync.Grains.Tests.Merging;

/// <summary>When a touched path counts as concurrent (§4.2), and what the later edit does to it under lastWriterWins (§4.3).</summary>
public sealed class JudgingConcurrency
{
    private readonly OneRecord _record = new OneRecord().After(
        Edits.Put("""{"title":"Milk","note":"2 l"}""").At(1),
        Edits.Patch("""{"title":"Buy milk"}""").By("bob").At(5));

    [Fact]
    public void A_field_that_nobody_else_changed_since_the_base_applies()
    {
        var decision = _record.Do(Edits.Patch("""{"note":"1 l"}""").At(3).Seen(1));

        Assert.Equal(Outcome.Applied, decision.Outcome);
        Assert.Empty(decision.Fields);
        Assert.Equal("""{"title":"Buy milk","note":"1 l"}""", _record.Data);
        Assert.Equal(3, _record.Version);
    }

    [Fact]
    public void The_later_of_two_concurrent_values_wins_when_it_comes_second()
    {
        var decision = _record.Do(Edits.Patch("""{"title":"Oat milk"}""").At(7).Seen(1));

        Assert.Equal(Outcome.Merged, decision.Outcome);
        Assert.Equal([("title", Kept.Incoming, "timestamp")], decision.Paths());
        Assert.Equal("""{"title":"Oat milk","note":"2 l"}""", _record.Data);
    }

    [Fact]
    public void The_earlier_of_two_concurrent_values_is_superseded_and_told_by_whom()
    {
        var decision = _record.Do(Edits.Patch("""{"title":"Oat milk"}""").At(3).Seen(1));

        Assert.Equal(Outcome.Superseded, decision.Outcome);
        Assert.Equal([("title", Kept.Current, "timestamp")], decision.Paths());
        Assert.Contains("bob", Assert.Single(decision.Fields).Why, StringComparison.Ordinal);
        Assert.False(decision.MakesVersion);
        Assert.Equal(2, _record.Version);
    }

    [Fact]
    public void What_is_not_concurrent_applies_though_the_rest_is_superseded()
    {
        var decision = _record.Do(Edits.Patch("""{"title":"Oat milk","note":"1 l"}""").At(3).Seen(1));

        Assert.Equal(Outcome.Merged, decision.Outcome);
        Assert.Equal([("title", Kept.Current, "timestamp")], decision.Paths());
        Assert.Equal("""{"title":"Buy milk","note":"1 l"}""", _record.Data);
    }

    [Fact]
    public void An_edit_that_has_seen_a_value_replaces_it_whatever_its_timestamp()
    {
        var decision = _record.Do(Edits.Patch("""{"title":"Oat milk"}""").By("cy").At(2).Seen(2));

        Assert.Equal(Outcome.Applied, decision.Outcome);
        Assert.Equal("""{"title":"Oat milk","note":"2 l"}""", _record.Data);
        Assert.Equal("cy", _record.State!.View.Author);
        Assert.True(_record.State.View.Timestamp > Edits.Second(5));
    }

    [Fact]
    public void Such_an_edit_stands_against_what_it_replaced_as_if_it_came_just_after()
    {
        _record.Do(Edits.Patch("""{"title":"Oat milk"}""").At(2).Seen(2));

        Assert.Equal(Outcome.Superseded, _record.Do(Edits.Patch("""{"title":"Tea"}""").At(4)).Outcome);
        Assert.Equal(Outcome.Applied, _record.Do(Edits.Patch("""{"title":"Tea"}""").At(6)).Outcome);
    }

    [Fact]
    public void Only_a_replaced_value_raises_the_timestamp_of_a_field()
    {
        _record.Do(Edits.Patch("""{"title":"Oat milk","note":"1 l"}""").At(2).Seen(2));

        var decision = _record.Do(Edits.Patch("""{"note":"3 l"}""").By("bob").At(3));

        Assert.Equal(Outcome.Applied, decision.Outcome);
        Assert.Equal("""{"title":"Oat milk","note":"3 l"}""", _record.Data);
    }

    [Fact]
    public void Without_a_base_a_value_of_a_later_timestamp_is_concurrent() =>
        Assert.Equal(Outcome.Superseded, _record.Do(Edits.Patch("""{"title":"Oat milk"}""").At(4)).Outcome);

    [Fact]
    public void Without_a_base_a_value_of_an_earlier_timestamp_is_not() =>
        Assert.Equal(Outcome.Applied, _record.Do(Edits.Patch("""{"title":"Oat milk"}""").At(6)).Outcome);

    [Fact]
    public void Base_zero_has_seen_nothing()
    {
        var decision = _record.Do(Edits.Patch("""{"title":"Oat milk","note":"1 l"}""").By("cy").At(3).Seen(0));

        Assert.Equal(Outcome.Merged, decision.Outcome);
        Assert.Equal(
            [("note", Kept.Incoming, "timestamp"), ("title", Kept.Current, "timestamp")],
            decision.Paths().OrderBy(field => field.Path, StringComparer.Ordinal));
    }

    [Fact]
    public void Without_a_timestamp_a_write_comes_after_all_that_the_record_has_seen()
    {
        _record.Do(Edits.Patch("""{"title":"Ahead"}""").At(OneRecord.Now + 30));

        var decision = _record.Do(Edits.Patch("""{"title":"Now"}"""));

        Assert.Equal(Outcome.Applied, decision.Outcome);
        Assert.Equal("""{"title":"Now","note":"2 l"}""", _record.Data);
        Assert.Equal(Edits.Second(OneRecord.Now + 30).Next, decision.Timestamp);
    }

    [Fact]
    public void Without_a_timestamp_a_write_has_the_servers_time()
    {
        var decision = _record.Do(Edits.Patch("""{"title":"Now"}"""));

        Assert.Equal(Edits.Second(OneRecord.Now), decision.Timestamp);
        Assert.Equal(Edits.Second(OneRecord.Now), _record.State!.View.Timestamp);
    }
}
