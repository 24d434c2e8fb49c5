using OrleansSync.Protocol;

namespace OrleansSync.Grains.Tests.Merging;

/// <summary>Patches of a deleted record that nobody meant to bring back are refused as <c>gone</c> (§4.3).</summary>
public sealed class MeetingATombstone
{
    private const string Edit = """{"a":2}""";
    private const string Operation = """{"n":{"$increment":1}}""";

    [Theory]
    [InlineData(Edit)]
    [InlineData(Operation)]
    public void A_patch_without_timestamp_is_gone(string data) =>
        Deleted().AssertRefused(Edits.Patch(data), Outcome.Rejected, Codes.Gone);

    [Theory]
    [InlineData(Edit)]
    [InlineData(Operation)]
    public void Nor_does_a_base_from_before_help_a_patch_without_timestamp(string data) =>
        Deleted().AssertRefused(Edits.Patch(data).Seen(1), Outcome.Rejected, Codes.Gone);

    [Theory]
    [InlineData(Edit)]
    [InlineData(Operation)]
    public void A_patch_based_on_the_tombstone_is_gone_whatever_its_timestamp(string data) =>
        Deleted().AssertRefused(Edits.Patch(data).At(9).Seen(2), Outcome.Rejected, Codes.Gone);

    [Theory]
    [InlineData(Edit)]
    [InlineData(Operation)]
    public void Under_reject_a_patch_without_a_base_is_gone(string data) =>
        Deleted(CollectionSettings.Reject).AssertRefused(Edits.Patch(data).At(9), Outcome.Rejected, Codes.Gone);

    [Fact]
    public void Operations_later_than_the_delete_bring_the_record_back()
    {
        var record = Deleted();

        record.Do(Edits.Patch(Operation).By("bob").At(9).Seen(1));

        Assert.Equal("""{"a":1,"n":1}""", record.Data);
    }

    [Fact]
    public void Under_reject_an_edit_that_had_not_seen_the_delete_is_rejected() =>
        Deleted(CollectionSettings.Reject).AssertRefused(
            Edits.Patch(Edit).By("bob").At(9).Seen(1), Outcome.Rejected, Codes.ConcurrentEdit);

    [Fact]
    public void Under_reject_a_delete_that_had_not_seen_an_edit_is_rejected()
    {
        var record = new OneRecord(new CollectionSettings { Policy = CollectionSettings.Reject }).After(
            Edits.Put("""{"a":1}""").At(1), Edits.Patch(Edit).At(5).Seen(1));

        record.AssertRefused(Edits.Delete().By("bob").At(9).Seen(1), Outcome.Rejected, Codes.ConcurrentEdit);
    }

    [Fact]
    public void Under_reject_a_put_that_saw_the_tombstone_re_creates()
    {
        var record = Deleted(CollectionSettings.Reject);

        Assert.Equal(Outcome.Applied, record.Do(Edits.Put("""{"b":1}""").By("bob").Seen(2)).Outcome);
        Assert.Equal("""{"b":1}""", record.Data);
    }

    private static OneRecord Deleted(string policy = CollectionSettings.LastWriterWins) =>
        new OneRecord(new CollectionSettings { Policy = policy }).After(
            Edits.Put("""{"a":1}""").At(1), Edits.Delete().At(5).Seen(1));
}
