using System.Text;
using OrleansSync.Gateway.Feeds;
using OrleansSync.Protocol;

namespace OrleansSync.Gateway.Tests.Feeds;

public sealed class SeeingThroughALens
{
    private static readonly FeedLens Mine = FeedLens.For(Filter("""{"mine":true}"""), null, null);
    private static readonly FeedLens Adas = FeedLens.For(null, "owner", "ada");
    private static readonly FeedLens AdasMine = FeedLens.For(Filter("""{"mine":true}"""), "owner", "ada");

    [Theory]
    [InlineData(null, """{"mine":true}""", Sight.Upsert)]
    [InlineData("""{"mine":false}""", """{"mine":true}""", Sight.Upsert)]
    [InlineData("""{"mine":true}""", """{"mine":false}""", Sight.Leave)]
    [InlineData("""{"mine":true}""", null, Sight.Delete)]
    [InlineData("""{"mine":false}""", """{"mine":false}""", Sight.Nothing)]
    [InlineData("""{"mine":false}""", null, Sight.Nothing)]
    [InlineData(null, """{"mine":false}""", Sight.Nothing)]
    internal void A_filter_is_asked_about_before_and_after(string? before, string? after, Sight sight) =>
        Assert.Equal(sight, Mine.See(Known(before, after), fresh: false));

    [Theory]
    [InlineData("""{"mine":true}""", Sight.Upsert)]
    [InlineData("""{"mine":false}""", Sight.Leave)]
    [InlineData(null, Sight.Delete)]
    internal void What_stood_before_an_entry_of_the_store_may_have_matched(string? after, Sight sight) =>
        Assert.Equal(sight, Mine.See(Unknown(after), fresh: false));

    [Theory]
    [InlineData("""{"mine":false}""")]
    [InlineData(null)]
    public void Who_reads_from_the_beginning_is_not_told_what_left(string? after) =>
        Assert.Equal(Sight.Nothing, Mine.See(Unknown(after), fresh: true));

    [Theory]
    [InlineData("""{"owner":"ada"}""", """{"owner":"bob"}""", Sight.Leave)]
    [InlineData("""{"owner":"bob"}""", """{"owner":"ada"}""", Sight.Upsert)]
    [InlineData("""{"owner":"bob"}""", """{"owner":"bob"}""", Sight.Nothing)]
    [InlineData("""{"owner":"bob"}""", null, Sight.Nothing)]
    [InlineData("""{"owner":"ada"}""", null, Sight.Delete)]
    internal void An_owner_sees_their_own_come_and_go(string? before, string? after, Sight sight) =>
        Assert.Equal(sight, Adas.See(Known(before, after), fresh: false));

    [Theory]
    [InlineData("""{"owner":"bob"}""")]
    [InlineData(null)]
    public void Whether_it_was_the_owners_nobody_knows_any_more(string? after) =>
        Assert.Equal(Sight.Doubt, Adas.See(Unknown(after), fresh: false));

    [Fact]
    public void A_first_version_cannot_have_been_anybody_elses_before() =>
        Assert.Equal(Sight.Nothing, Adas.See(Unknown("""{"owner":"bob"}""", version: 1), fresh: false));

    [Theory]
    [InlineData("""{"owner":"ada","mine":true}""", """{"owner":"bob","mine":true}""", Sight.Leave)]
    [InlineData("""{"owner":"ada","mine":false}""", """{"owner":"bob","mine":true}""", Sight.Nothing)]
    [InlineData("""{"owner":"bob","mine":true}""", """{"owner":"ada","mine":false}""", Sight.Nothing)]
    internal void Filter_and_owner_must_both_hold(string? before, string? after, Sight sight) =>
        Assert.Equal(sight, AdasMine.See(Known(before, after), fresh: false));

    [Theory]
    [InlineData(false, true, Sight.Nothing)]
    [InlineData(false, false, Sight.Delete)]
    [InlineData(true, true, Sight.Delete)]
    [InlineData(true, false, Sight.Delete)]
    internal void Who_reads_from_the_beginning_needs_no_tombstones_but_those_with_a_conflict(bool held, bool fresh, Sight sight)
    {
        var tombstone = held ? Held(Unknown(null)) : Unknown(null);

        Assert.Equal(sight, FeedLens.For(null, null, null).See(tombstone, fresh));
        Assert.Equal(sight, FeedLens.For(Filter("""{"$id":"t1"}"""), null, null).See(tombstone, fresh));
        Assert.Equal(Sight.Nothing, FeedLens.For(Filter("""{"$id":"t2"}"""), null, null).See(tombstone, fresh));
    }

    [Theory]
    [InlineData("""{"owner":"ada","mine":true}""", Sight.Delete)]
    [InlineData("""{"owner":"bob","mine":true}""", Sight.Nothing)]
    [InlineData("""{"owner":"ada","mine":false}""", Sight.Nothing)]
    internal void A_conflict_over_a_tombstone_concerns_whom_the_hidden_data_concerns(string hidden, Sight sight)
    {
        var data = Encoding.UTF8.GetBytes(hidden);

        Assert.Equal(sight, AdasMine.See(Held(Known(hidden, null)), fresh: false));
        Assert.Equal(sight, AdasMine.See(Held(Unknown(null)) with { Before = data }, fresh: true));
    }

    [Theory]
    [InlineData("t1", Sight.Delete)]
    [InlineData("t2", Sight.Nothing)]
    internal void A_filter_that_asks_for_ids_alone_can_be_asked_about_tombstones(string id, Sight sight) =>
        Assert.Equal(sight, FeedLens.For(Filter($$"""{"$id":"{{id}}"}"""), null, null).See(Known(null, null), fresh: false));

    private static FeedEntry Held(FeedEntry entry) => entry with
    {
        Record = entry.Record with { Conflict = new() { Id = "c-2", Revision = 1, OpenedAt = new(0), Fields = [], Candidates = [] } },
    };

    private static Filter Filter(string json) => Protocol.Filter.Parse(Encoding.UTF8.GetBytes(json));

    private static FeedEntry Known(string? before, string? after) =>
        Unknown(after) with { KnowsBefore = true, Before = before is null ? null : Encoding.UTF8.GetBytes(before) };

    private static FeedEntry Unknown(string? after, long version = 2) => new()
    {
        Seq = 7,
        Record = new()
        {
            Id = "t1",
            Version = version,
            Timestamp = new(0),
            Author = "ada",
            Data = after is null ? null : Encoding.UTF8.GetBytes(after),
        },
    };
}
