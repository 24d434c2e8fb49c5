using OrleansSync.Protocol;

namespace OrleansSync.Grains.Tests.Merging;

/// <summary>A put with a base counts as a patch that removes what it lacks and what existed then (§4.2).</summary>
public sealed class PuttingWithABase
{
    private readonly OneRecord _record = new OneRecord().After(
        Edits.Put("""{"title":"Milk","note":"2 l"}""").At(1),
        Edits.Patch("""{"done":true}""").By("bob").At(5));

    [Fact]
    public void It_removes_what_existed_then_and_it_lacks()
    {
        var decision = _record.Do(Edits.Put("""{"title":"Milk"}""").At(7).Seen(2));

        Assert.Equal(Outcome.Applied, decision.Outcome);
        Assert.Equal("""{"title":"Milk"}""", _record.Data);
    }

    [Fact]
    public void It_keeps_what_came_later()
    {
        var decision = _record.Do(Edits.Put("""{"title":"Oat milk"}""").At(7).Seen(1));

        Assert.Equal(Outcome.Applied, decision.Outcome);
        Assert.Equal("""{"title":"Oat milk","done":true}""", _record.Data);
    }

    [Fact]
    public void It_keeps_what_came_later_inside_an_object()
    {
        var record = new OneRecord().After(
            Edits.Put("""{"a":{"x":1}}""").At(1), Edits.Patch("""{"a":{"z":1}}""").By("bob").At(5));

        record.Do(Edits.Put("""{"a":{}}""").At(7).Seen(1));

        Assert.Equal("""{"a":{"z":1}}""", record.Data);
    }

    [Fact]
    public void What_it_lacks_but_others_edited_later_stays_as_a_concurrent_path()
    {
        _record.Do(Edits.Patch("""{"note":"1 l"}""").By("bob").At(6));

        var decision = _record.Do(Edits.Put("""{"title":"Oat milk"}""").At(3).Seen(1));

        Assert.Equal(Outcome.Merged, decision.Outcome);
        Assert.Equal([("note", Kept.Current, "timestamp")], decision.Paths());
        Assert.Equal("""{"title":"Oat milk","note":"1 l","done":true}""", _record.Data);
    }

    [Fact]
    public void Having_seen_all_it_wins_whatever_its_timestamp()
    {
        var decision = _record.Do(Edits.Put("""{"only":1}""").By("cy").At(0).Seen(2));

        Assert.Equal(Outcome.Applied, decision.Outcome);
        Assert.Equal("""{"only":1}""", _record.Data);
    }

    [Fact]
    public void Having_seen_nothing_it_removes_nothing()
    {
        _record.Do(Edits.Put("""{"title":"Tea"}""").By("cy").At(7).Seen(0));

        Assert.Equal("""{"title":"Tea","note":"2 l","done":true}""", _record.Data);
    }

    [Fact]
    public void Without_a_base_it_removes_whatever_is_older()
    {
        var decision = _record.Do(Edits.Put("""{"title":"Tea"}""").By("cy").At(3));

        Assert.Equal(Outcome.Merged, decision.Outcome);
        Assert.Equal("""{"title":"Tea","done":true}""", _record.Data);
    }

    [Fact]
    public void On_a_tombstone_it_replaces_all_that_was_hidden()
    {
        _record.Do(Edits.Delete().At(6).Seen(2));

        var decision = _record.Do(Edits.Put("""{"new":1}""").At(7).Seen(3));

        Assert.Equal(Outcome.Applied, decision.Outcome);
        Assert.True(decision.Created);
        Assert.Equal("""{"new":1}""", _record.Data);
        Assert.Equal(4, _record.Version);
    }
}
