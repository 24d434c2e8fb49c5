using OrleansSync.Protocol;

namespace OrleansSync.Storage.Tests.Contract;

public abstract partial class StorageContract
{
    [Fact]
    public async Task A_new_feed_starts_at_nothing()
    {
        Assert.Null(await Store.ReadFeedPlace("todos", 0, default));
        Assert.Empty(await Feed());
        var taken = await Store.TakeFeed("todos", 0, "ada", default);

        Assert.Equal((0, 0), (taken.Place.Head, taken.Place.Floor));
        Assert.Matches("^[0-9a-z]{1,8}$", taken.Place.Incarnation);
        Assert.Equal(taken.Place, await Store.ReadFeedPlace("todos", 0, default));
    }

    [Fact]
    public async Task Taking_a_feed_again_raises_the_epoch_and_keeps_its_life()
    {
        var first = await Store.TakeFeed("todos", 0, "ada", default);
        var second = await Store.TakeFeed("todos", 0, "ada", default);
        Assert.True(second.Epoch > first.Epoch);
        Assert.Equal(first.Place, second.Place);
        Assert.NotEqual(first.Place.Incarnation, (await Store.TakeFeed("todos", 1, "ada", default)).Place.Incarnation);
    }

    [Fact]
    public async Task Who_takes_a_feed_is_told_from_whom()
    {
        var first = await Store.TakeFeed("todos", 0, "ada", default);
        var second = await Store.TakeFeed("todos", 0, "bob", default);
        await Store.ReleaseFeed(new("todos", 0, first.Epoch), default);
        var third = await Store.TakeFeed("todos", 0, "cleo", default);
        await Store.ReleaseFeed(new("todos", 0, third.Epoch), default);
        var fourth = await Store.TakeFeed("todos", 0, "dan", default);

        Assert.Equal([null, "ada", "bob", null], new[] { first, second, third, fourth }.Select(taken => taken.From));
    }

    [Fact]
    public async Task An_owner_learns_whether_it_still_is_one()
    {
        var (old, current) = (await Store.TakeFeed("todos", 0, "ada", default), await Store.TakeFeed("todos", 0, "bob", default));
        var other = await Store.TakeFeed("todos", 1, "ada", default);

        Assert.Equal(
            [false, true, true, false],
            await Store.AreHeld([new("todos", 0, old.Epoch), new("todos", 0, current.Epoch), new("todos", 1, other.Epoch), new("nothing", 0, 1)], default));
        Assert.Empty(await Store.AreHeld([], default));
    }

    [Fact]
    public async Task What_a_released_feed_has_on_its_way_is_still_its_owners()
    {
        var feed = await TakeFeed();
        await Store.ReleaseFeed(new("todos", 0, feed.Epoch), default);
        await feed.Commit(feed.Put("a", "{}"));

        Assert.Equal(["1 a v1"], await Feed());
    }

    [Fact]
    public async Task An_earlier_owner_is_fenced()
    {
        var (old, current) = (await TakeFeed(), await TakeFeed());
        Assert.Equal([false], await Store.Commit([old.Batch(old.Put("a", "{}"))], default));
        await current.Commit(current.Put("a", "{}"));
        Assert.Equal([false], await Store.Commit([old.Batch(old.Put("b", "{}"))], default));
    }

    [Fact]
    public async Task An_owner_in_another_process_is_fenced_too()
    {
        var here = await TakeFeed();
        await here.Commit(here.Put("a", "{}"));
        var other = await OpenAnother();
        var there = await Scribe.Of(other, Clock);
        there.Know("a", 1, 1);

        Assert.Equal([false], await Store.Commit([here.Batch(here.Put("a", """{"n":1}"""))], default));
        await there.Commit(there.Put("a", """{"n":2}"""));
        Assert.Equal("""{"n":2}""", Text((await Read("a"))!.State!.Data));

        await here.Take();
        Assert.Equal(2, here.Head);
        Assert.Equal([false], await other.Commit([there.Batch(there.Put("b", "{}"))], default));
    }

    [Fact]
    public async Task A_batch_at_another_head_is_refused()
    {
        var feed = await TakeFeed();
        await feed.Commit(feed.Put("a", "{}"));
        var batch = new FeedBatch("todos", 0, feed.Epoch, 5, 6, [feed.Put("b", "{}") with { Seq = 6 }]);
        Assert.Equal([false], await Store.Commit([batch], default));
        Assert.Equal([false], await Store.Commit([batch with { ExpectedHead = 0, NewHead = 6 }], default));
    }

    [Fact]
    public async Task A_feed_that_nobody_took_takes_no_commits() =>
        Assert.Equal([false], await Store.Commit([new FeedBatch("todos", 0, 0, 0, 0, [new Scribe(Store, Clock).Reject("a")])], default));

    [Fact]
    public async Task Each_record_is_in_the_feed_once_at_its_latest_place()
    {
        var feed = await TakeFeed();
        await feed.Commit(feed.Put("a", "{}"), feed.Put("b", "{}"), feed.Put("c", "{}"));
        await feed.Commit(feed.Put("a", """{"n":1}"""));
        await feed.Commit(feed.Delete("b"));

        Assert.Equal(["3 c v1", "4 a v2", "5 b v2"], await Feed());
        Assert.Equal(["4 a v2", "5 b v2"], await Feed(after: 3));
        Assert.Equal(["3 c v1", "4 a v2"], await Feed(limit: 2));
        Assert.Empty(await Feed(after: 5));
    }

    [Fact]
    public async Task Feed_entries_carry_the_record_and_the_write_that_made_it()
    {
        var feed = await TakeFeed();
        var (put, delete) = (feed.Put("a", """{"n":1}""", "w-1"), feed.Delete("b", """{"n":2}"""));
        await feed.Commit(put, delete);
        var entries = (await Store.ReadFeed("todos", 0, 0, 10, default)).Entries;

        Same(new FeedEntry { Seq = 1, Record = put.State!.View, Write = "w-1" }, entries[0]);
        Same(new FeedEntry { Seq = 2, Record = delete.State!.View }, entries[1]);
    }

    [Fact]
    public async Task Large_records_end_a_part_before_its_limit()
    {
        var feed = await TakeFeed();
        var large = $$"""{"text":"{{new string('x', 1 << 20)}}"}""";
        await feed.Commit([.. Enumerable.Range(0, 20).Select(i => feed.Put($"r{i:00}", large))]);

        var read = new List<long>();
        for (var part = await Store.ReadFeed("todos", 0, 0, 1000, default); ; part = await Store.ReadFeed("todos", 0, read[^1], 1000, default))
        {
            Assert.InRange(part.Entries.Count, 1, 10);
            read.AddRange(part.Entries.Select(entry => entry.Seq));
            if (!part.More)
                break;
        }

        Assert.Equal(Enumerable.Range(1, 20).Select(seq => (long)seq), read);
    }

    [Fact]
    public async Task Partitions_are_feeds_of_their_own()
    {
        var (zero, one) = (await TakeFeed("todos", 0), await TakeFeed("todos", 1));
        await zero.Commit(zero.Put("a", "{}"), zero.Put("b", "{}"));
        await one.Commit(one.Put("c", "{}"));
        Assert.Equal(["1 a v1", "2 b v1"], await Feed());
        Assert.Equal("c", Assert.Single((await Store.ReadFeed("todos", 1, 0, 10, default)).Entries).Record.Id);
        Assert.Equal("a b c", await Ids());
    }
}
