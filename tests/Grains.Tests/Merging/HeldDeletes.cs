using OrleansSync.Protocol;

namespace OrleansSync.Grains.Tests.Merging;

/// <summary>Delete against edit under <c>manual</c>: whichever comes second waits, as the path of the whole record (§4.3, §6).</summary>
public sealed class HeldDeletes
{
    private static readonly CollectionSettings Manual = new() { Policy = CollectionSettings.Manual };

    private readonly OneRecord _edited = new OneRecord(Manual).After(
        Edits.Put("""{"title":"Milk"}""").At(1), Edits.Patch("""{"title":"Buy milk"}""").By("bob").At(5).Seen(1));

    private readonly OneRecord _deleted = new OneRecord(Manual).After(
        Edits.Put("""{"title":"Milk","n":1}""").At(1), Edits.Delete().By("bob").At(5).Seen(1));

    [Fact]
    public void A_delete_that_had_not_seen_an_edit_waits()
    {
        var decision = _edited.Do(Edits.Delete().At(9).Seen(1));

        Assert.Equal(Outcome.Held, decision.Outcome);
        Assert.Equal([("", Kept.Held, "manual")], decision.Paths());
        Assert.Equal("""{"title":"Buy milk"}""", _edited.Data);
        var field = Assert.Single(_edited.Conflict!.Fields);
        Assert.Equal(("", """{"title":"Milk"}""", """{"title":"Buy milk"}"""), (field.Path, Edits.Text(field.Base), Edits.Text(field.Current)));
        Assert.Equal((WriteOp.Delete, ""), (_edited.Conflict.Candidates[0].Op, Assert.Single(_edited.Conflict.Candidates[0].Removed)));
    }

    [Fact]
    public void Taken_it_deletes_the_record()
    {
        _edited.Do(Edits.Delete().At(9).Seen(1));

        Assert.Equal(Outcome.Applied, _edited.Do(Edits.Resolve(1, Edits.Take("", 1)).By("cleo")).Outcome);

        Assert.True(_edited.State!.Deleted);
        Assert.Equal("cleo", _edited.State.View.Author);
        Assert.Null(_edited.Conflict);
        Assert.Equal(Outcome.Rejected, _edited.Do(Edits.Patch("""{"title":"x"}""").At(900).Seen(4)).Outcome);
    }

    [Fact]
    public void Not_taken_the_record_stays()
    {
        _edited.Do(Edits.Delete().At(9).Seen(1).As("w-d"));

        var decision = _edited.Do(Edits.Resolve(1).By("cleo"));

        Assert.Equal("""{"title":"Buy milk"}""", _edited.Data);
        Assert.Equal([1], decision.Settlement!.Discarded);
        Assert.Equal("w-d", decision.Settlement.Conflict.Candidates[0].Write);
    }

    [Fact]
    public void While_a_conflict_is_open_every_delete_joins_it()
    {
        _edited.Do(Edits.Patch("""{"title":"Oat milk"}""").By("cleo").At(9).Seen(1));

        var decision = _edited.Do(Edits.Delete().At(10).Seen(3));

        Assert.Equal(Outcome.Held, decision.Outcome);
        Assert.Equal(["title", ""], _edited.Conflict!.Fields.Select(field => field.Path));
        Assert.Equal(2, _edited.Conflict.Revision);
    }

    [Fact]
    public void Under_timestamps_too()
    {
        var record = new OneRecord(new CollectionSettings { Fields = new Dictionary<string, string> { ["title"] = CollectionSettings.Manual } }).After(
            Edits.Put("""{"title":"Milk","b":1}""").At(1),
            Edits.Patch("""{"title":"Buy milk"}""").By("bob").At(5).Seen(1),
            Edits.Patch("""{"title":"Oat milk"}""").By("cleo").At(9).Seen(1));

        Assert.Equal(Outcome.Held, record.Do(Edits.Delete().At(10).Seen(3)).Outcome);
    }

    [Fact]
    public void An_unseen_edit_of_a_field_by_timestamp_does_not_hold_a_delete()
    {
        var record = new OneRecord(new CollectionSettings { Fields = new Dictionary<string, string> { ["title"] = CollectionSettings.Manual } }).After(
            Edits.Put("""{"title":"Milk","b":1}""").At(1), Edits.Patch("""{"b":2}""").By("bob").At(5).Seen(1));

        Assert.Equal(Outcome.Merged, record.Do(Edits.Delete().At(9).Seen(1)).Outcome);
        Assert.True(record.State!.Deleted);
    }

    [Fact]
    public void An_edit_that_had_not_seen_the_delete_waits()
    {
        var decision = _deleted.Do(Edits.Patch("""{"title":"Oat milk"}""").By("cleo").At(9).Seen(1));

        Assert.Equal(Outcome.Held, decision.Outcome);
        Assert.True(_deleted.State!.Deleted);
        var field = Assert.Single(_deleted.Conflict!.Fields);
        Assert.Equal(("", """{"title":"Milk","n":1}""", null), (field.Path, Edits.Text(field.Base), Edits.Text(field.Current)));
        Assert.Equal("""{"title":"Oat milk","n":1}""", Edits.Text(_deleted.Conflict.Candidates[0].Value("")));
    }

    [Fact]
    public void Taken_it_brings_the_record_back_with_it()
    {
        _deleted.Do(Edits.Patch("""{"title":"Oat milk"}""").By("cleo").At(9).Seen(1));

        _deleted.Do(Edits.Resolve(1, Edits.Take("", 1)).By("dan"));

        Assert.Equal("""{"title":"Oat milk","n":1}""", _deleted.Data);
        Assert.Equal("dan", _deleted.State!.View.Author);
        Assert.Null(_deleted.Conflict);
    }

    [Fact]
    public void Not_taken_the_record_stays_deleted()
    {
        _deleted.Do(Edits.Patch("""{"title":"Oat milk"}""").By("cleo").At(9).Seen(1));

        _deleted.Do(Edits.Resolve(1, Edits.Current("")).By("dan"));

        Assert.True(_deleted.State!.Deleted);
        Assert.Equal(("dan", 4L), (_deleted.State.View.Author, _deleted.Version));
    }

    [Fact]
    public void A_put_that_has_seen_the_tombstone_creates_anew_and_the_edit_goes_on_waiting()
    {
        _deleted.Do(Edits.Patch("""{"title":"Oat milk"}""").By("cleo").At(9).Seen(1));

        Assert.Equal(Outcome.Applied, _deleted.Do(Edits.Put("""{"title":"Tea"}""").Seen(3)).Outcome);

        Assert.Equal("""{"title":"Tea"}""", Edits.Text(_deleted.Conflict!.Fields[0].Current));
        Assert.Equal(2, _deleted.Conflict.Revision);
    }

    [Fact]
    public void A_patch_without_a_base_is_gone() =>
        _deleted.AssertRefused(Edits.Patch("""{"title":"x"}""").At(900), Outcome.Rejected, Codes.Gone);

    [Fact]
    public void A_later_put_without_a_base_creates_anew() =>
        Assert.Equal(Outcome.Applied, _deleted.Do(Edits.Put("""{"title":"x"}""")).Outcome);

    [Fact]
    public void A_purge_takes_the_conflict_along()
    {
        _edited.Do(Edits.Patch("""{"title":"Oat milk"}""").By("cleo").At(9).Seen(1));

        _edited.Do((Edits.Delete() with { Purge = true }).Seen(3));

        Assert.Null(_edited.Conflict);
        Assert.True(_edited.State!.Deleted);
    }

    [Fact]
    public void With_record_granularity_the_conflict_is_of_the_whole()
    {
        var record = new OneRecord(Manual with { Granularity = Granularity.Record }).After(
            Edits.Put("""{"a":1,"b":1}""").At(1), Edits.Patch("""{"a":2}""").By("bob").At(5).Seen(1));

        Assert.Equal(Outcome.Held, record.Do(Edits.Patch("""{"b":2}""").At(9).Seen(1)).Outcome);
        Assert.Equal("""{"a":2,"b":2}""", Edits.Text(record.Conflict!.Candidates[0].Value("")));

        record.Do(Edits.Resolve(1, Edits.Give("", """{"a":3}""")).By("dan"));
        Assert.Equal("""{"a":3}""", record.Data);
    }
}
