using OrleansSync.Protocol;

namespace OrleansSync.Grains.Tests.Merging;

/// <summary>Writing to a record that never was (§4.3).</summary>
public sealed class AbsentRecords
{
    [Fact]
    public void A_put_creates_it()
    {
        var record = new OneRecord();

        var decision = record.Do(Edits.Put("""{"a":1}""").By("ada", "phone").At(3));

        Assert.Equal(Outcome.Applied, decision.Outcome);
        Assert.True(decision.Created);
        Assert.Equal(new RecordVersion
        {
            Id = "t1",
            Version = 1,
            Timestamp = Edits.Second(3),
            Author = "ada",
            Client = "phone",
            Data = record.State!.Data,
        }, record.State.View);
        Assert.Equal("""{"a":1}""", record.Data);
    }

    [Theory]
    [InlineData("""{"a":1}""")]
    [InlineData("{}")]
    [InlineData("""{"a":{}}""")]
    [InlineData("""{"a":null}""")]
    [InlineData("""{"a":1,"n":{"$increment":1}}""")]
    public void A_patch_finds_nothing(string data) =>
        new OneRecord().AssertRefused(Edits.Patch(data), Outcome.Rejected, Codes.NotFound);

    [Fact]
    public void A_delete_finds_nothing() => new OneRecord().AssertRefused(Edits.Delete(), Outcome.Rejected, Codes.NotFound);

    [Theory]
    [InlineData(CollectionSettings.LastWriterWins)]
    [InlineData(CollectionSettings.Reject)]
    [InlineData("custom:max")]
    public void A_patch_of_operations_alone_creates_it(string policy)
    {
        var record = new OneRecord(new CollectionSettings { Policy = policy });

        var decision = record.Do(Edits.Patch("""{"n":{"$increment":2},"in":{"tags":{"$addToSet":["a"]}}}"""));

        Assert.Equal(Outcome.Applied, decision.Outcome);
        Assert.True(decision.Created);
        Assert.Equal("""{"n":2,"in":{"tags":["a"]}}""", record.Data);
    }

    [Theory]
    [InlineData(CollectionSettings.Reject)]
    [InlineData("custom:max")]
    public void Under_any_policy_a_put_needs_no_base(string policy)
    {
        var record = new OneRecord(new CollectionSettings { Policy = policy });

        Assert.Equal(Outcome.Applied, record.Do(Edits.Put("""{"a":1}""")).Outcome);
    }

    [Fact]
    public void A_refused_write_is_no_part_of_what_comes_later()
    {
        var record = new OneRecord().After(Edits.Patch("""{"b":1}""").At(9), Edits.Put("""{"a":1}""").At(3));

        Assert.Equal("""{"a":1}""", record.Data);
    }
}
