using System.Text;
using OrleansSync.Protocol;

namespace OrleansSync.Storage.Tests.Contract;

public abstract partial class StorageContract
{
    [Fact]
    public async Task A_history_entry_comes_back_exactly()
    {
        var feed = await TakeFeed();
        var rich = feed.Put("a", "{}", "w-1");
        rich = rich with
        {
            Entry = rich.Entry with
            {
                Timestamp = new(1),
                Client = null,
                Outcome = Outcome.Merged,
                Created = true,
                Fingerprint = long.MinValue,
                RecordTimestamp = new(long.MaxValue / 4),
                RecordClient = "tab:2",
                Changes = [new("title", null, "\"é\""u8.ToArray()), new("x", "null"u8.ToArray(), null), new("", [], [])],
                Fields = [new("title", Kept.Both, "custom:max", "because"), new("", Kept.Incoming, "tie", "")],
            },
        };
        var poor = feed.Reject("a");
        poor = poor with { Entry = poor.Entry with { Problem = new(Codes.Schema, "no", [new("a.b", "must be a number")]) } };
        var empty = feed.Reject("a");
        empty = empty with { Entry = empty.Entry with { Problem = new(Codes.Schema, "", []) } };
        await feed.Commit(rich, poor, empty);

        Same([empty.Entry, poor.Entry, rich.Entry], await History("a"));
    }

    [Fact]
    public async Task An_entry_of_a_conflict_comes_back_exactly()
    {
        var feed = await TakeFeed();
        var held = feed.Put("a", "{}", "w-1");
        held = held with
        {
            Entry = held.Entry with
            {
                Outcome = Outcome.Held,
                Wanted = [new("title", "1"u8.ToArray(), "2"u8.ToArray()), new("", [], null)],
                Conflict = new("c-1", 1, 1, null),
                Problem = new(Codes.Schema, "no", [new("a", "b")]),
            },
        };
        var claim = feed.Put("a", "{}");
        claim = claim with
        {
            Entry = claim.Entry with { Op = WriteOp.Claim, Conflict = new("c-1", long.MaxValue, 32, new("bob", null, new(7))) },
        };
        var resolution = feed.Put("a", "{}");
        resolution = resolution with
        {
            Entry = resolution.Entry with { Op = WriteOp.Resolve, Settlement = new(Rich("c-1"), [1, 300], "Ä note") },
        };
        var silent = feed.Put("a", "{}");
        silent = silent with { Entry = silent.Entry with { Op = WriteOp.Resolve, Settlement = new(Rich("c-1"), [], null) } };
        var release = feed.Put("a", "{}");
        release = release with
        {
            Entry = release.Entry with { Op = WriteOp.Release, Conflict = new("c-1", 2, 1, new("", "", new(0))) },
        };
        await feed.Commit(held, claim, resolution, silent, release);

        Same([release.Entry, silent.Entry, resolution.Entry, claim.Entry, held.Entry], await History("a"));
        Same(held.Entry, await Store.ReadWrite("todos", "a", Scribe.Author, "w-1", default));
    }

    [Fact]
    public async Task History_is_read_in_pages_from_the_newest()
    {
        var feed = await TakeFeed();
        for (var i = 0; i < 5; i++)
            await feed.Commit(feed.Put("a", "{}"), feed.Put("b", "{}"));

        async Task<IEnumerable<long>> Numbers(long before, int limit) =>
            (await Store.ReadHistory("todos", "a", before, limit, default)).Select(entry => entry.Number);
        Assert.Equal([5, 4], await Numbers(long.MaxValue, 2));
        Assert.Equal([3, 2], await Numbers(4, 2));
        Assert.Equal([1], await Numbers(2, 2));
        Assert.Empty(await Numbers(1, 2));
    }

    [Fact]
    public async Task Only_the_last_hundred_rejected_ones_are_shown()
    {
        var feed = await TakeFeed();
        await feed.Commit([feed.Put("a", "{}"), .. Enumerable.Range(0, 105).Select(i => feed.Reject("a", $"w-{i}")), feed.Put("a", "{}")]);
        var history = await History("a");

        Assert.Equal(100, history.Count(entry => entry.Outcome == Outcome.Rejected));
        Assert.Equal(2, history.Count(entry => entry.MadeVersion));
        Assert.NotNull(await Store.ReadWrite("todos", "a", Scribe.Author, "w-0", default));
    }

    [Fact]
    public async Task A_write_is_found_by_its_author_and_id_only()
    {
        var feed = await TakeFeed();
        var commit = feed.Put("a", "{}", "w-1");
        await feed.Commit(commit, feed.Put("a", """{"n":1}""", "w-2"), feed.Put("b", "{}", "w-3"));

        Same(commit.Entry, await Store.ReadWrite("todos", "a", Scribe.Author, "w-1", default));
        Assert.Null(await Store.ReadWrite("todos", "a", "bob", "w-1", default));
        Assert.Null(await Store.ReadWrite("todos", "a", Scribe.Author, "w-3", default));
        Assert.Null(await Store.ReadWrite("notes", "a", Scribe.Author, "w-1", default));
    }

    [Fact]
    public async Task Remembered_writes_are_listed_oldest_first()
    {
        var feed = await TakeFeed();
        await feed.Commit(feed.Put("a", "{}", "w-1"));
        Clock.Advance(TimeSpan.FromSeconds(1));
        await feed.Commit(feed.Put("a", "{}"), feed.Reject("a", "w-2"), feed.Quiet("a", "{}", [], "w-3"));

        Assert.Equal(
            new[] { "w-1", "w-2", "w-3" }.Select(write => WriteHash.Of(Scribe.Author, write)),
            (await Read("a"))!.Writes.Select(write => write.Hash));
    }

    [Fact]
    public async Task A_hundred_writes_are_remembered_for_ever_and_more_for_a_day()
    {
        var feed = await TakeFeed();
        await feed.Commit([.. Enumerable.Range(0, 150).Select(i => feed.Put("a", "{}", $"w-{i}"))]);
        Assert.Equal(150, (await Read("a"))!.Writes.Count);

        Clock.Advance(TimeSpan.FromHours(25));
        var writes = (await Read("a"))!.Writes;
        Assert.Equal(100, writes.Count);
        Assert.Equal(WriteHash.Of(Scribe.Author, "w-50"), writes[0].Hash);
    }

    [Fact]
    public async Task No_more_than_ten_thousand_writes_are_remembered()
    {
        var feed = await TakeFeed();
        await feed.Commit([.. Enumerable.Range(0, 10_050).Select(i => feed.Reject("a", $"w-{i}"))]);
        var writes = (await Read("a"))!.Writes;
        Assert.Equal(10_000, writes.Count);
        Assert.Equal(WriteHash.Of(Scribe.Author, "w-50"), writes[0].Hash);
    }

    [Fact]
    public async Task A_purge_forgets_all_data_and_remembers_the_writes()
    {
        var feed = await TakeFeed();
        await feed.Commit(feed.Put("a", """{"secret":1}""", "w-1"), feed.Put("a", """{"secret":2}""", "w-2"), feed.Put("b", """{"n":1}"""));
        var purge = feed.Delete("a", purge: true, write: "w-3");
        await feed.Commit(purge);
        var stored = (await Read("a"))!;

        Assert.Null(stored.State!.Data);
        Assert.Equal(3, stored.Writes.Count);
        var resent = await Store.ReadWrite("todos", "a", Scribe.Author, "w-1", default);
        Assert.Equal((1, Outcome.Applied, true), (resent!.Version, resent.Outcome, resent.Forgotten));
        Assert.All((await History("a")).Skip(1), entry => Assert.True(entry.Forgotten && entry.Changes.Count == 0));
        Same(purge.Entry, (await History("a"))[0]);
        Assert.DoesNotContain(await History("b"), entry => entry.Forgotten);
    }

    [Fact]
    public async Task A_purge_forgets_what_was_wanted_and_what_was_settled()
    {
        var feed = await TakeFeed();
        var (held, resolution) = (feed.Put("a", "{}", "w-1"), feed.Put("a", "{}", "w-2"));
        await feed.Commit(
            held with { Entry = held.Entry with { Wanted = [new("secret", null, "1"u8.ToArray())] } },
            resolution with { Entry = resolution.Entry with { Settlement = new(Rich("c-1"), [1], "secret") } },
            feed.Delete("a", purge: true));

        Assert.All(
            (await History("a")).Skip(1),
            entry => Assert.True(entry.Forgotten && entry.Wanted.Count == 0 && entry.Settlement is null));
    }

    [Fact]
    public void A_write_hash_is_the_same_for_ever()
    {
        Assert.NotEqual(WriteHash.Of("ada", "w-1"), WriteHash.Of("adaw", "-1"));
        Assert.Equal(-1841956184083923772, WriteHash.Of("ada", "w-1"));
        Assert.Equal(4541574381196447800, WriteHash.Of(new string('x', 400), "w"));
        Assert.Equal(6419189387764967324, WriteHash.Of("Ädä", "w-1"));
    }
}
