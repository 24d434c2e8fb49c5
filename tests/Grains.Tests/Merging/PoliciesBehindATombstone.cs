using OrleansSync.Protocol;

namespace OrleansSync.Grains.Tests.Merging;

/// <summary>Bringing a record back does not get around the policies of what is hidden (§4.3, §5).</summary>
public sealed class PoliciesBehindATombstone
{
    private readonly OneRecord _record = new OneRecord(new CollectionSettings
    {
        Fields = new Dictionary<string, string> { ["price"] = CollectionSettings.Reject, ["best"] = "custom:max" },
    }).After(
        Edits.Put("""{"title":"Milk","best":1,"price":1}""").At(1),
        Edits.Patch("""{"title":"Tea","best":9,"price":2}""").By("bob").At(3).Seen(1),
        Edits.Delete().By("bob").At(5).Seen(2));

    [Fact]
    public void A_hidden_field_under_reject_rejects_who_had_not_seen_it() => _record.AssertRefused(
        Edits.Patch("""{"title":"Oat milk","price":3}""").At(9).Seen(1), Outcome.Rejected, Codes.ConcurrentEdit);

    [Fact]
    public void A_hidden_field_of_a_custom_policy_is_decided_by_it()
    {
        _record.Do(Edits.Patch("""{"best":4,"title":"Oat milk"}""").At(9).Seen(1));

        Assert.Equal("""{"title":"Oat milk","best":9,"price":2}""", _record.Data);
    }

    [Fact]
    public void A_hidden_field_that_was_edited_later_stays()
    {
        var record = new OneRecord().After(
            Edits.Put("""{"a":1,"b":1}""").At(1),
            Edits.Patch("""{"a":2}""").By("bob").At(8),
            Edits.Delete().By("bob").At(5).Seen(2));

        // The delete has seen the edit of second 8, so it counts as just after it.
        Assert.Equal(Outcome.Superseded, record.Do(Edits.Patch("""{"a":3,"b":3}""").At(7)).Outcome);
        record.Do(Edits.Patch("""{"c":1}""").At(9));

        Assert.Equal("""{"a":2,"b":3,"c":1}""", record.Data);
    }
}
