using OrleansSync.Protocol;

namespace OrleansSync.Grains.Tests.Merging;

/// <summary>The policy <c>reject</c>: who has not seen the value may not replace it (§4.3).</summary>
public sealed class UnderReject
{
    private readonly OneRecord _record = new OneRecord(new CollectionSettings { Policy = CollectionSettings.Reject }).After(
        Edits.Put("""{"a":1,"b":1}""").At(1),
        Edits.Patch("""{"a":2}""").By("bob").At(5).Seen(1));

    [Fact]
    public void A_concurrent_edit_is_rejected_however_late()
    {
        _record.AssertRefused(Edits.Patch("""{"a":3}""").At(9).Seen(1), Outcome.Rejected, Codes.ConcurrentEdit);

        Assert.Equal([("a", Kept.Current, "reject")], _record.Decisions[^1].Paths());
    }

    [Fact]
    public void One_that_has_seen_the_value_applies() =>
        Assert.Equal(Outcome.Applied, _record.Do(Edits.Patch("""{"a":3}""").At(3).Seen(2)).Outcome);

    [Fact]
    public void Another_field_applies()
    {
        Assert.Equal(Outcome.Applied, _record.Do(Edits.Patch("""{"b":2}""").At(3).Seen(1)).Outcome);
        Assert.Equal("""{"a":2,"b":2}""", _record.Data);
    }

    [Fact]
    public void All_of_the_write_is_rejected_with_it_operations_too()
    {
        _record.AssertRefused(
            Edits.Patch("""{"a":3,"b":2,"n":{"$increment":1}}""").At(9).Seen(1), Outcome.Rejected, Codes.ConcurrentEdit);

        Assert.Equal("""{"a":2,"b":1}""", _record.Data);
    }

    [Fact]
    public void A_write_to_an_existing_field_needs_a_base() =>
        _record.AssertRefused(Edits.Patch("""{"a":3}""").At(9), Outcome.Invalid, Codes.BaseRequired);

    [Fact]
    public void So_does_the_removal_of_one() =>
        _record.AssertRefused(Edits.Patch("""{"a":null}"""), Outcome.Invalid, Codes.BaseRequired);

    [Fact]
    public void So_does_a_put_over_a_record() =>
        _record.AssertRefused(Edits.Put("""{"c":3}"""), Outcome.Invalid, Codes.BaseRequired);

    [Fact]
    public void So_does_a_delete() => _record.AssertRefused(Edits.Delete(), Outcome.Invalid, Codes.BaseRequired);

    [Fact]
    public void A_new_field_needs_none() =>
        Assert.Equal(Outcome.Applied, _record.Do(Edits.Patch("""{"c":1}""")).Outcome);

    [Fact]
    public void Operations_need_none()
    {
        Assert.Equal(Outcome.Applied, _record.Do(Edits.Patch("""{"b":{"$increment":1}}""")).Outcome);
        Assert.Equal("""{"a":2,"b":2}""", _record.Data);
    }

    [Fact]
    public void Operations_alone_are_never_rejected()
    {
        var decision = _record.Do(Edits.Patch("""{"a":{"$increment":1}}""").At(3).Seen(1));

        Assert.True(decision.MakesVersion);
        Assert.Equal("""{"a":3,"b":1}""", _record.Data);
    }

    [Fact]
    public void A_put_that_removes_what_others_edited_is_rejected() =>
        _record.AssertRefused(Edits.Put("""{"b":1}""").At(9).Seen(1), Outcome.Rejected, Codes.ConcurrentEdit);

    [Fact]
    public void A_delete_that_has_seen_all_applies() =>
        Assert.Equal(Outcome.Applied, _record.Do(Edits.Delete().At(3).Seen(2)).Outcome);
}
