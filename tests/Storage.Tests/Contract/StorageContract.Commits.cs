using OrleansSync.Protocol;

namespace OrleansSync.Storage.Tests.Contract;

public abstract partial class StorageContract
{
    [Fact]
    public async Task A_record_that_never_was_is_null()
    {
        Assert.Null(await Read("a"));
        Assert.Empty(await History("a"));
        Assert.Null(await Store.ReadWrite("todos", "a", Scribe.Author, "w", default));
        await TakeFeed();
        Assert.Null(await Read("a"));
    }

    [Fact]
    public async Task A_committed_record_comes_back_whole()
    {
        var feed = await TakeFeed();
        var commit = feed.Put("a", """{"title":"Buy milk"}""", "w-1");
        await feed.Commit(commit);
        var stored = await Read("a");

        Same(commit.State, stored!.State);
        Assert.Equal(1, stored.LastNumber);
        Assert.Equal([new RememberedWrite(WriteHash.Of(Scribe.Author, "w-1"), commit.Entry.RecordedAt)], stored.Writes);
    }

    [Fact]
    public async Task A_tombstone_keeps_the_data_behind_it()
    {
        var feed = await TakeFeed();
        await feed.Commit(feed.Put("a", """{"n":1}"""));
        await feed.Commit(feed.Delete("a", """{"n":1}"""));
        var state = (await Read("a"))!.State!;

        Assert.True(state.View.Deleted);
        Assert.Equal("""{"n":1}""", Text(state.Data));
    }

    [Fact]
    public async Task Empty_and_absent_stay_apart()
    {
        var feed = await TakeFeed();
        var commit = feed.Delete("a");
        await feed.Commit(commit with { State = commit.State! with { Merge = [], Data = null } });
        var state = (await Read("a"))!.State!;

        Assert.Empty(state.Merge);
        Assert.Null(state.Data);
        Assert.Null(state.Write);
    }

    [Fact]
    public async Task A_refused_write_is_remembered_where_there_is_no_record()
    {
        var feed = await TakeFeed();
        await feed.Commit(feed.Reject("a", "w-1"));
        var stored = await Read("a");

        Assert.Null(stored!.State);
        Assert.Equal(1, stored.LastNumber);
        Assert.Single(stored.Writes);
        Assert.Empty(await Feed());
        Assert.Empty((await Page()).Records);

        await feed.Commit(feed.Put("a", "{}"));
        Assert.Equal(1, (await Read("a"))!.State!.View.Version);
    }

    [Fact]
    public async Task A_quiet_update_changes_the_state_and_neither_version_place_nor_write_id()
    {
        var feed = await TakeFeed();
        await feed.Commit(feed.Put("a", "{}", "w-1"));
        await feed.Commit(feed.Quiet("a", "{}", [9, 9], "w-2"));
        var stored = (await Read("a"))!;

        Assert.Equal([9, 9], stored.State!.Merge);
        Assert.Equal(1, stored.State.View.Version);
        Assert.Equal("w-1", stored.State.Write);
        Assert.Equal(2, stored.LastNumber);
        Assert.Equal(["1 a v1"], await Feed());
        Assert.Equal(1, feed.Head);
    }

    [Fact]
    public async Task Many_versions_of_a_record_fit_one_batch()
    {
        var feed = await TakeFeed();
        await feed.Commit(feed.Put("a", """{"n":1}"""), feed.Put("b", "{}"), feed.Put("a", """{"n":2}"""), feed.Reject("a"), feed.Put("a", """{"n":3}"""));

        Assert.Equal("""{"n":3}""", Text((await Read("a"))!.State!.Data));
        Assert.Equal(["2 b v1", "4 a v3"], await Feed());
        Assert.Equal([4, 3, 2, 1], (await History("a")).Select(entry => entry.Number));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    public async Task A_record_at_another_version_refuses_the_batch(long expected)
    {
        var feed = await TakeFeed();
        await feed.Commit(feed.Put("a", "{}"));
        var wrong = feed.Put("a", """{"n":1}""") with { ExpectedVersion = expected };

        Assert.Equal([false], await Store.Commit([feed.Batch(feed.Put("b", "{}"), wrong)], default));
        Assert.Null(await Read("b"));
        Assert.Equal(1, (await Read("a"))!.State!.View.Version);
        Assert.Equal(1, (await Store.ReadFeedPlace("todos", 0, default))!.Head);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public async Task A_history_number_that_is_not_the_next_refuses_the_batch(long number)
    {
        var feed = await TakeFeed();
        await feed.Commit(feed.Put("a", "{}"));
        var wrong = feed.Put("a", """{"n":1}""");
        wrong = wrong with { Entry = wrong.Entry with { Number = number } };

        Assert.Equal([false], await Store.Commit([feed.Batch(wrong)], default));
        Assert.Single(await History("a"));
    }

    [Fact]
    public async Task A_place_that_is_not_after_the_head_refuses_the_batch()
    {
        var feed = await TakeFeed();
        await feed.Commit(feed.Put("a", "{}"), feed.Put("b", "{}"));
        var batch = new FeedBatch("todos", 0, feed.Epoch, 2, 3, [feed.Put("c", "{}") with { Seq = 2 }]);

        Assert.Equal([false], await Store.Commit([batch], default));
        Assert.Equal([false], await Store.Commit([batch with { NewHead = 2, Commits = [batch.Commits[0] with { Seq = 3 }] }], default));
    }

    [Fact]
    public async Task One_refused_batch_leaves_the_others_alone()
    {
        var (one, two, three) = (await TakeFeed("todos"), await TakeFeed("notes"), await TakeFeed("todos", 1));
        var refused = two.Batch(two.Put("x", "{}"), two.Put("x", "{}") with { ExpectedVersion = 7 });

        Assert.Equal(
            [true, false, true],
            await Store.Commit([one.Batch(one.Put("a", "{}")), refused, three.Batch(three.Put("b", "{}"))], default));
        Assert.NotNull(await Read("a"));
        Assert.NotNull(await Read("b"));
        Assert.Null(await Store.ReadRecord("notes", "x", default));
        Assert.Equal(0, (await Store.ReadFeedPlace("notes", 0, default))!.Head);
    }

    [Fact]
    public async Task Batches_of_one_feed_follow_each_other_in_one_call()
    {
        var feed = await TakeFeed();
        Assert.Equal([true, true], await Store.Commit([feed.Batch(feed.Put("a", "{}")), feed.Batch(feed.Put("a", """{"n":1}"""))], default));
        Assert.Equal(["2 a v2"], await Feed());
    }

    [Fact]
    public async Task What_follows_a_refused_batch_of_its_feed_is_refused()
    {
        var feed = await TakeFeed();
        var refused = feed.Batch(feed.Put("a", "{}") with { ExpectedVersion = 5 });
        Assert.Equal([false, false], await Store.Commit([refused, feed.Batch(feed.Put("b", "{}"))], default));
        Assert.Empty(await Feed());
    }

    [Fact]
    public async Task Ids_of_one_collection_are_not_those_of_another()
    {
        var (todos, notes) = (await TakeFeed("todos"), await TakeFeed("notes"));
        await todos.Commit(todos.Put("a", """{"n":1}"""));
        await notes.Commit(notes.Put("a", """{"n":2}"""));
        Assert.Equal("""{"n":1}""", Text((await Read("a"))!.State!.Data));
        Assert.Equal("""{"n":2}""", Text((await Store.ReadRecord("notes", "a", default))!.State!.Data));
    }

    [Fact]
    public async Task Large_data_and_odd_texts_survive()
    {
        var feed = await TakeFeed();
        var json = $$"""{"t":"{{new string('ä', 130_000)}}","😀":"\u0001"}""";
        await feed.Commit(feed.Put("a.b~c:d@e-_", json, "w:~@1"));
        Assert.Equal(json, Text((await Read("a.b~c:d@e-_"))!.State!.Data));
    }

    [Fact]
    public async Task What_was_answered_is_there_after_a_restart()
    {
        await Settle(CollectionSettings.Default with { Indexes = ["n"] });
        await Store.RebuildIndexes("todos", ["n"], default);
        var feed = await TakeFeed();
        await feed.Commit(feed.Put("a", """{"n":1}""", "w-1"), feed.Put("b", """{"n":2}"""), feed.Delete("b"));
        var place = await Store.ReadFeedPlace("todos", 0, default);
        await Reopen();

        Assert.Equal("""{"n":1}""", Text((await Read("a"))!.State!.Data));
        Assert.Equal(place, await Store.ReadFeedPlace("todos", 0, default));
        Assert.Equal(["1 a v1", "3 b v2"], await Feed());
        Assert.NotNull(await Store.ReadWrite("todos", "a", Scribe.Author, "w-1", default));
        Assert.Equal("a", await Ids("""{"n":1}"""));
        Assert.Equal(new CollectionCounts(1, 1, 0), (await Store.ReadCollection("todos", default))!.Counts);
    }

    [Fact]
    public async Task A_closed_store_is_unavailable()
    {
        var feed = await TakeFeed();
        await Store.DisposeAsync();
        await Assert.ThrowsAsync<StoreUnavailableException>(() => Store.Commit([feed.Batch(feed.Put("a", "{}"))], default));
        await Assert.ThrowsAsync<StoreUnavailableException>(() => Read("a"));
    }
}
