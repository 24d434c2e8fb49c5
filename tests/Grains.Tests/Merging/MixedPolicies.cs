using OrleansSync.Protocol;

namespace OrleansSync.Grains.Tests.Merging;

/// <summary>A policy of a field covers what is below it; the longest path wins (§5); a rejected field rejects the whole write (§4.3).</summary>
public sealed class MixedPolicies
{
    private static readonly CollectionSettings Settings = new()
    {
        Fields = new Dictionary<string, string>
        {
            ["price"] = CollectionSettings.Reject,
            ["price.note"] = CollectionSettings.LastWriterWins,
            ["best"] = "custom:max",
        },
    };

    private readonly OneRecord _record = new OneRecord(Settings).After(
        Edits.Put("""{"title":"Milk","best":10,"price":{"net":1,"note":"old"},"prices":1}""").At(1),
        Edits.Patch("""{"title":"Buy milk","best":12,"price":{"note":"new"},"prices":2}""").By("bob").At(5).Seen(1));

    [Fact]
    public void Each_concurrent_field_is_decided_by_its_own()
    {
        var decision = _record.Do(Edits.Patch("""{"title":"Oat milk","best":20,"price":{"net":2}}""").At(3).Seen(1));

        Assert.Equal(Outcome.Merged, decision.Outcome);
        Assert.Equal(
            [("best", Kept.Incoming, "custom:max"), ("title", Kept.Current, "timestamp")],
            decision.Paths().OrderBy(field => field.Path, StringComparer.Ordinal));
        Assert.Equal("""{"title":"Buy milk","best":20,"price":{"net":2,"note":"new"},"prices":2}""", _record.Data);
    }

    [Fact]
    public void A_rejected_field_rejects_the_others_too()
    {
        _record.Do(Edits.Patch("""{"price":{"net":3}}""").By("bob").At(6).Seen(2));

        _record.AssertRefused(
            Edits.Patch("""{"title":"Oat milk","price":{"net":2}}""").At(9).Seen(1), Outcome.Rejected, Codes.ConcurrentEdit);
    }

    [Fact]
    public void The_longest_path_wins()
    {
        var decision = _record.Do(Edits.Patch("""{"price":{"note":"newest"}}""").At(9).Seen(1));

        Assert.Equal([("price.note", Kept.Incoming, "timestamp")], decision.Paths());
    }

    [Fact]
    public void A_name_that_only_begins_the_same_is_not_covered() =>
        Assert.Equal(Outcome.Merged, _record.Do(Edits.Patch("""{"prices":3}""").At(9).Seen(1)).Outcome);

    [Fact]
    public void Only_a_field_under_reject_needs_a_base()
    {
        Assert.Equal(Outcome.Applied, _record.Do(Edits.Patch("""{"title":"Tea"}""").At(9)).Outcome);

        _record.AssertRefused(Edits.Patch("""{"price":{"net":2}}""").At(9), Outcome.Invalid, Codes.BaseRequired);
    }

    [Fact]
    public void A_delete_that_had_not_seen_an_edit_under_reject_is_rejected()
    {
        _record.Do(Edits.Patch("""{"price":{"net":3}}""").By("bob").At(6).Seen(2));

        _record.AssertRefused(Edits.Delete().At(9).Seen(2), Outcome.Rejected, Codes.ConcurrentEdit);
    }

    [Fact]
    public void A_field_of_its_own_under_a_rejecting_collection_goes_by_timestamp()
    {
        var record = new OneRecord(new CollectionSettings
        {
            Policy = CollectionSettings.Reject,
            Fields = new Dictionary<string, string> { ["seen"] = CollectionSettings.LastWriterWins },
        }).After(Edits.Put("""{"seen":1}""").At(1), Edits.Patch("""{"seen":2}""").By("bob").At(5));

        Assert.Equal(Outcome.Superseded, record.Do(Edits.Patch("""{"seen":3}""").At(3)).Outcome);
    }
}
