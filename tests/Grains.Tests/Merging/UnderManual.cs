using OrleansSync.Protocol;

namespace OrleansSync.Grains.Tests.Merging;

/// <summary>The policy <c>manual</c>: what its writer had not seen the like of waits for a person, and nothing that was typed is lost (§4.3, §6).</summary>
public sealed class UnderManual
{
    private readonly OneRecord _record = new OneRecord(new CollectionSettings { Policy = CollectionSettings.Manual }).After(
        Edits.Put("""{"title":"Milk","note":"2 l","n":1}""").At(1),
        Edits.Patch("""{"title":"Buy milk"}""").By("bob").At(5).Seen(1));

    [Fact]
    public void A_concurrent_value_waits_and_what_stands_stays()
    {
        var decision = _record.Do(Edits.Patch("""{"title":"Oat milk"}""").By("cleo", "tab-2").At(9).Seen(1).As("w-1"));

        Assert.Equal(Outcome.Held, decision.Outcome);
        Assert.Equal([("title", Kept.Held, "manual")], decision.Paths());
        Assert.Equal("""{"title":"Buy milk","note":"2 l","n":1}""", _record.Data);
        Assert.Equal(("bob", Edits.Second(5)), (_record.State!.View.Author, _record.State.View.Timestamp));
        var conflict = _record.Conflict!;
        Assert.Equal(("c-3", 1, Edits.Second(OneRecord.Now)), (conflict.Id, conflict.Revision, conflict.OpenedAt));
        var field = Assert.Single(conflict.Fields);
        Assert.Equal(("title", "\"Milk\"", "\"Buy milk\""), (field.Path, Edits.Text(field.Base), Edits.Text(field.Current)));
        var candidate = Assert.Single(conflict.Candidates);
        Assert.Equal((1, "w-1", "cleo", "tab-2", 1L), (candidate.Id, candidate.Write, candidate.Author, candidate.Client, candidate.Base));
        Assert.Equal((Edits.Second(9), WriteOp.Patch), (candidate.Timestamp, candidate.Op));
        Assert.Equal("\"Oat milk\"", Edits.Text(candidate.Value("title")));
    }

    [Fact]
    public void What_it_wanted_is_in_its_entry_too()
    {
        var wanted = Assert.Single(_record.Do(Edits.Patch("""{"title":"Oat milk"}""").At(9).Seen(1)).Wanted);

        Assert.Equal(("title", "\"Buy milk\"", "\"Oat milk\""), (wanted.Path, Edits.Text(wanted.From), Edits.Text(wanted.To)));
    }

    [Fact]
    public void A_removal_waits_as_one()
    {
        _record.Do(Edits.Patch("""{"title":null}""").At(9).Seen(1));

        Assert.Equal(["title"], _record.Conflict!.Candidates[0].Removed);
        Assert.Empty(_record.Conflict.Candidates[0].Values);
    }

    [Fact]
    public void Further_ones_join_it()
    {
        _record.After(
            Edits.Patch("""{"title":"Oat milk"}""").By("cleo").At(9).Seen(1),
            Edits.Patch("""{"note":"3 l"}""").By("bob").At(10).Seen(3));

        _record.Do(Edits.Patch("""{"note":"1 l"}""").By("dan").At(11).Seen(1));

        Assert.Equal(2, _record.Conflict!.Revision);
        Assert.Equal("c-3", _record.Conflict.Id);
        Assert.Equal(["title", "note"], _record.Conflict.Fields.Select(field => field.Path));
        Assert.Equal([1, 2], _record.Conflict.Candidates.Select(candidate => candidate.Id));
    }

    [Fact]
    public void The_record_stays_writable_and_who_has_seen_what_stands_moves_it()
    {
        _record.Do(Edits.Patch("""{"title":"Oat milk"}""").By("cleo").At(9).Seen(1));

        Assert.Equal(Outcome.Applied, _record.Do(Edits.Patch("""{"title":"Soy milk"}""").By("dan").At(10).Seen(3)).Outcome);

        Assert.Equal("\"Soy milk\"", Edits.Text(_record.Conflict!.Fields[0].Current));
        Assert.Equal("\"Milk\"", Edits.Text(_record.Conflict.Fields[0].Base));
        Assert.Equal(2, _record.Conflict.Revision);
    }

    [Fact]
    public void An_edit_elsewhere_leaves_its_revision()
    {
        _record.Do(Edits.Patch("""{"title":"Oat milk"}""").By("cleo").At(9).Seen(1));

        Assert.Equal(Outcome.Applied, _record.Do(Edits.Patch("""{"note":"1 l"}""").By("dan").At(10).Seen(1)).Outcome);

        Assert.Equal(1, _record.Conflict!.Revision);
    }

    [Fact]
    public void One_write_may_hold_merge_and_count()
    {
        var record = new OneRecord(new CollectionSettings { Fields = new Dictionary<string, string> { ["title"] = CollectionSettings.Manual } }).After(
            Edits.Put("""{"title":"Milk","notes":"old","n":1}""").At(1),
            Edits.Patch("""{"title":"Buy milk","notes":"bob's","n":{"$increment":2}}""").By("bob").At(5).Seen(1));

        var decision = record.Do(Edits.Patch("""{"title":"Oat milk","notes":"mine","n":{"$increment":3},"new":true}""").At(9).Seen(1));

        Assert.Equal(Outcome.Held, decision.Outcome);
        Assert.Equal(
            [("n", Kept.Both, "operation"), ("notes", Kept.Incoming, "timestamp"), ("title", Kept.Held, "manual")],
            decision.Paths().OrderBy(field => field.Path, StringComparer.Ordinal));
        Assert.Equal("""{"title":"Buy milk","notes":"mine","n":6,"new":true}""", record.Data);
        Assert.Equal(["title"], record.Conflict!.Candidates[0].Values.Select(value => value.Path));
        Assert.Equal(("ada", Edits.Second(9)), (record.State!.View.Author, record.State.View.Timestamp));
    }

    [Fact]
    public void A_rejected_field_rejects_what_would_wait_too()
    {
        var record = new OneRecord(new CollectionSettings
        {
            Policy = CollectionSettings.Manual,
            Fields = new Dictionary<string, string> { ["price"] = CollectionSettings.Reject },
        }).After(Edits.Put("""{"title":"a","price":1}"""), Edits.Patch("""{"title":"b","price":2}""").By("bob").Seen(1));

        record.AssertRefused(Edits.Patch("""{"title":"c","price":3}""").Seen(1), Outcome.Rejected, Codes.ConcurrentEdit);

        Assert.Equal(["price"], record.Decisions[^1].Fields.Select(field => field.Path));
    }

    [Fact]
    public void A_value_for_an_object_of_which_something_was_not_seen_waits_as_one()
    {
        var record = new OneRecord(new CollectionSettings { Policy = CollectionSettings.Manual }).After(
            Edits.Put("""{"a":{"x":1,"y":2}}"""), Edits.Patch("""{"a":{"x":3}}""").By("bob").Seen(1));

        Assert.Equal(Outcome.Held, record.Do(Edits.Patch("""{"a":5}""").Seen(1)).Outcome);

        Assert.Equal("""{"a":{"x":3,"y":2}}""", record.Data);
        Assert.Equal(("a", "5"), (record.Conflict!.Fields[0].Path, Edits.Text(record.Conflict.Candidates[0].Value("a"))));
        Assert.Equal("""{"x":3,"y":2}""", Edits.Text(record.Conflict.Fields[0].Current));
    }

    [Fact]
    public void Of_an_object_that_is_to_go_only_what_was_not_seen_waits()
    {
        var record = new OneRecord(new CollectionSettings { Policy = CollectionSettings.Manual }).After(
            Edits.Put("""{"a":{"x":1,"y":2,"z":{"deep":1}}}"""), Edits.Patch("""{"a":{"x":3}}""").By("bob").Seen(1));

        Assert.Equal(Outcome.Held, record.Do(Edits.Patch("""{"a":null}""").Seen(1)).Outcome);

        Assert.Equal("""{"a":{"x":3}}""", record.Data);
        Assert.Equal(["a.x"], record.Conflict!.Candidates[0].Removed);
    }

    [Theory]
    [InlineData("""{"title":"x"}""")]
    [InlineData("""{"title":null}""")]
    public void A_write_to_an_existing_field_needs_a_base(string patch) =>
        _record.AssertRefused(Edits.Patch(patch).At(9), Outcome.Invalid, Codes.BaseRequired);

    [Fact]
    public void A_new_field_and_operations_need_none()
    {
        Assert.Equal(Outcome.Applied, _record.Do(Edits.Patch("""{"c":1,"n":{"$increment":1}}""")).Outcome);
        Assert.Equal(Outcome.Invalid, _record.Do(Edits.Delete()).Outcome);
    }

    [Fact]
    public void An_operation_never_waits_and_moves_what_stands()
    {
        _record.After(Edits.Patch("""{"n":5}""").By("bob").At(6).Seen(2));
        Assert.Equal(Outcome.Held, _record.Do(Edits.Patch("""{"n":7}""").At(9).Seen(1)).Outcome);

        Assert.True(_record.Do(Edits.Patch("""{"n":{"$increment":1}}""")).MakesVersion);

        Assert.Equal(("6", 2L), (Edits.Text(_record.Conflict!.Fields[0].Current), _record.Conflict.Revision));
    }

    [Fact]
    public void Ones_own_earlier_edit_is_replaced()
    {
        _record.Do(Edits.Patch("""{"title":"Tea"}""").By("dan", "tab").At(6).Seen(2));

        Assert.Equal(Outcome.Applied, _record.Do(Edits.Patch("""{"title":"Green tea"}""").By("dan", "tab").At(7).Seen(2)).Outcome);
        Assert.Null(_record.Conflict);
    }

    [Fact]
    public void An_equal_value_does_not_wait() =>
        Assert.Equal(Outcome.Applied, _record.Do(Edits.Patch("""{"title":"Buy milk"}""").At(9).Seen(1)).Outcome);

    [Fact]
    public void It_takes_32_candidates_and_then_no_more()
    {
        for (var i = 1; i <= 32; i++)
            Assert.Equal(Outcome.Held, _record.Do(Edits.Patch($$"""{"title":"{{i}}"}""").Seen(1)).Outcome);

        _record.AssertRefused(Edits.Patch("""{"title":"one more","new":1}""").Seen(1), Outcome.Rejected, Codes.ConflictFull);

        Assert.Equal(32, _record.Conflict!.Candidates.Count);
        Assert.Equal("\"one more\"", Edits.Text(Assert.Single(_record.Decisions[^1].Wanted, change => change.Path == "title").To));
    }

    [Fact]
    public void It_takes_a_MiB_and_then_no_more()
    {
        var large = new string('x', 260_000);
        for (var i = 1; i <= 4; i++)
            Assert.Equal(Outcome.Held, _record.Do(Edits.Patch($$"""{"title":"{{large}}{{i}}"}""").Seen(1)).Outcome);

        _record.AssertRefused(Edits.Patch($$"""{"title":"{{large}}"}""").Seen(1), Outcome.Rejected, Codes.ConflictFull);
        Assert.Equal(Outcome.Held, _record.Do(Edits.Patch("""{"title":"small"}""").Seen(1)).Outcome);
    }
}
