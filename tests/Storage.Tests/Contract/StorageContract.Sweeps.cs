using OrleansSync.Protocol;

namespace OrleansSync.Storage.Tests.Contract;

public abstract partial class StorageContract
{
    private static readonly CollectionSettings Short =
        CollectionSettings.Default with { HistoryVersions = 10, HistoryDays = 2, TombstoneDays = 3 };

    private async Task SweepAll()
    {
        for (var calls = 1; await Store.Sweep("todos", Now, default); calls++)
            Assert.InRange(calls, 1, 1_000);
    }

    [Fact]
    public async Task There_is_nothing_to_sweep_where_nothing_is()
    {
        Assert.False(await Store.Sweep("todos", Now, default));
        await Settle(Short);
        Assert.False(await Store.Sweep("todos", Now, default));
    }

    [Fact]
    public async Task History_past_the_settings_and_the_write_ids_is_forgotten()
    {
        await Settle(Short);
        var feed = await TakeFeed();
        await feed.Commit([.. Enumerable.Range(0, 260).Select(i => feed.Put("a", "{}", i % 2 == 0 ? $"w-{i}" : null))]);
        await SweepAll();
        // A day has not passed: every write id is remembered, and of the entries without one the newest 10 versions are shown.
        Assert.Equal(130 + 5, (await History("a")).Count);

        Clock.Advance(TimeSpan.FromHours(25));
        await SweepAll();
        var history = await History("a");
        Assert.Equal(100 + 5, history.Count);
        Assert.Equal(260, history[0].Number);
        Assert.Equal(100, (await Read("a"))!.Writes.Count);
        Assert.Null(await Store.ReadWrite("todos", "a", Scribe.Author, "w-58", default));
        Assert.NotNull(await Store.ReadWrite("todos", "a", Scribe.Author, "w-60", default));
    }

    [Fact]
    public async Task Days_limit_what_is_shown_but_a_hundred_writes_stay_remembered()
    {
        await Settle(Short with { HistoryVersions = 1_000 });
        var feed = await TakeFeed();
        await feed.Commit([.. Enumerable.Range(0, 200).Select(i => feed.Put("a", "{}", $"w-{i}"))]);
        Clock.Advance(TimeSpan.FromDays(1.5));
        await SweepAll();
        Assert.Equal(200, (await History("a")).Count);

        Clock.Advance(TimeSpan.FromDays(1));
        await SweepAll();
        Assert.Equal(100, (await History("a")).Count);
    }

    [Fact]
    public async Task Rejected_writes_without_an_id_are_forgotten_past_the_last_hundred()
    {
        await Settle(CollectionSettings.Default);
        var feed = await TakeFeed();
        await feed.Commit([feed.Put("a", "{}"), .. Enumerable.Range(0, 300).Select(_ => feed.Reject("a"))]);
        await SweepAll();
        var history = await History("a");
        Assert.Equal(101, history.Count);
        Assert.Equal(1, history[^1].Number);
    }

    [Fact]
    public async Task A_sweep_does_a_bounded_amount_and_goes_on_when_called_again()
    {
        await Settle(Short);
        var feed = await TakeFeed();
        await feed.Commit([.. Enumerable.Range(0, 5_000).Select(_ => feed.Put("a", "{}"))]);
        Assert.True(await Store.Sweep("todos", Now, default));
        Assert.InRange((await History("a")).Count, 11, 4_999);
        await SweepAll();
        Assert.Equal(10, (await History("a")).Count);

        await feed.Commit(feed.Put("a", "{}"));
        Assert.Equal([5_001, 5_000], (await History("a")).Take(2).Select(entry => entry.Number));
    }

    [Fact]
    public async Task The_rule_of_what_is_shown_holds_before_the_sweep_comes_by()
    {
        await Settle(Short);
        var feed = await TakeFeed();
        await feed.Commit([.. Enumerable.Range(0, 12).Select(_ => feed.Put("a", "{}"))]);
        var history = await History("a");

        Assert.Equal(12, history.Count);
        Assert.Equal(10, history.Count(entry => HistoryRetention.Shows(entry, 12, Now, Short)));
        Clock.Advance(TimeSpan.FromDays(2));
        Assert.DoesNotContain(history, entry => HistoryRetention.Shows(entry, 12, Now, Short));
    }

    [Fact]
    public async Task An_old_tombstone_is_forgotten_and_raises_the_floor()
    {
        await Settle(Short);
        var feed = await TakeFeed();
        await feed.Commit(feed.Put("a", """{"n":1}""", "w-1"), feed.Put("b", "{}"), feed.Delete("a", """{"n":1}""", "w-2"), feed.Put("c", "{}"));
        Clock.Advance(TimeSpan.FromDays(2));
        await SweepAll();
        Assert.Equal(["2 b v1", "3 a v2", "4 c v1"], await Feed());

        Clock.Advance(TimeSpan.FromDays(1));
        await SweepAll();
        Assert.Equal(["2 b v1", "4 c v1"], await Feed());
        Assert.Equal(3, (await Store.ReadFeedPlace("todos", 0, default))!.Floor);
        Assert.Equal(new CollectionCounts(2, 0, 0), (await Store.ReadCollection("todos", default))!.Counts);
        var state = (await Read("a"))!.State!;
        Assert.Equal((2L, true), (state.View.Version, state.View.Deleted));
        Assert.Null(state.Data);
        Assert.Empty(state.Merge);
        Assert.All(await History("a"), entry => Assert.True(entry.Forgotten && entry.Changes.Count == 0));
    }

    [Fact]
    public async Task A_forgotten_record_comes_back_at_the_next_version_and_still_knows_its_writes()
    {
        await Settle(Short);
        var feed = await TakeFeed();
        await feed.Commit(feed.Put("a", "{}", "w-1"), feed.Delete("a"));
        Clock.Advance(TimeSpan.FromDays(4));
        await SweepAll();
        Assert.NotNull(await Store.ReadWrite("todos", "a", Scribe.Author, "w-1", default));

        await feed.Commit(feed.Put("a", """{"n":1}"""));
        Assert.Equal(3, (await Read("a"))!.State!.View.Version);
        Assert.Equal(["3 a v3"], await Feed());
        Assert.Equal(new CollectionCounts(1, 0, 0), (await Store.ReadCollection("todos", default))!.Counts);
    }

    [Fact]
    public async Task A_tombstone_whose_conflict_is_open_is_not_forgotten_until_that_is_closed()
    {
        await Settle(Short);
        var feed = await TakeFeed();
        await feed.Commit(
            feed.Put("a", "{}"), feed.Put("b", "{}"), Held(feed.Delete("a", "{}"), Rich("c-2")), feed.Delete("b"), feed.Put("c", "{}"));
        Clock.Advance(TimeSpan.FromDays(40));
        await SweepAll();
        Assert.Equal(["3 a v2", "5 c v1"], await Feed());
        Assert.Equal(new CollectionCounts(1, 1, 1), await Counts());

        await feed.Commit(feed.Delete("a", "{}"));
        await SweepAll();
        Assert.Equal(["5 c v1", "6 a v3"], await Feed());
        Clock.Advance(TimeSpan.FromDays(4));
        await SweepAll();
        Assert.Equal(["5 c v1"], await Feed());
        Assert.Equal(new CollectionCounts(1, 0, 0), await Counts());
        Assert.Equal(6, (await Store.ReadFeedPlace("todos", 0, default))!.Floor);
    }

    [Fact]
    public async Task What_was_settled_is_forgotten_with_its_tombstone()
    {
        await Settle(Short);
        var feed = await TakeFeed();
        var (held, resolution) = (Held(feed.Put("a", "{}", "w-1"), Rich("c-1")), feed.Delete("a", "{}", "w-2"));
        await feed.Commit(
            held with { Entry = held.Entry with { Wanted = [new("n", null, "1"u8.ToArray())] } },
            resolution with { Entry = resolution.Entry with { Settlement = new(Rich("c-1"), [1], "note") } });
        Clock.Advance(TimeSpan.FromDays(4));
        await SweepAll();

        Assert.All(await History("a"), entry => Assert.True(entry.Forgotten && entry.Wanted.Count == 0 && entry.Settlement is null));
    }

    [Fact]
    public async Task A_tombstone_that_came_back_to_life_is_not_forgotten()
    {
        await Settle(Short);
        var feed = await TakeFeed();
        await feed.Commit(feed.Put("a", "{}"), feed.Delete("a"), feed.Put("a", """{"n":1}"""));
        Clock.Advance(TimeSpan.FromDays(9));
        await SweepAll();
        Assert.Equal(["3 a v3"], await Feed());
        Assert.Equal(0, (await Store.ReadFeedPlace("todos", 0, default))!.Floor);
    }
}
