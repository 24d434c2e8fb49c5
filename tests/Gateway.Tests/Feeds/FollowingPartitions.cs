using System.Collections;
using OrleansSync.Gateway.Feeds;
using OrleansSync.Protocol;
using static OrleansSync.Gateway.Tests.Feeds.ModelFeeds;

namespace OrleansSync.Gateway.Tests.Feeds;

public sealed class FollowingPartitions : IAsyncLifetime
{
    private readonly ModelFeeds _feeds = new(partitions: 4);
    private FeedModel Model => _feeds.Model;

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync() => await _feeds.DisposeAsync();

    [Fact]
    public async Task Who_held_nothing_when_the_collection_was_cut_into_parts_goes_on_without_a_reset()
    {
        var whole = Model.Collection;
        Model.Collection = whole with { Revision = 0, Settings = CollectionSettings.Default };
        await using var subscription = await _feeds.Subscribe(limit: 2);
        var first = (await ReadUp(subscription))[^1];

        Model.Collection = whole;
        _feeds.Registry.Learn(whole);
        // More than a page of this reader holds, so that they fall out of the chain with the cursor of the old beginning.
        Model.Streams = false;
        for (var n = 0; n < 12; n++) Model.Put($"r{n}", "{}");
        Model.Deliver();
        var pages = new List<FeedPage>();
        while (pages.Sum(page => page.Changes.Count) < 12) pages.Add(await Next(subscription));

        Assert.Equal(first.Cursor, pages[0].Since);
        Assert.All(pages, page => Assert.Null(page.Reset));
    }

    [Fact]
    public async Task Who_held_something_when_the_settings_changed_is_reset_in_all_parts()
    {
        foreach (var id in (string[])["a", "b", "c", "d"]) Model.Put(id, """{"owner":"ada"}""");
        await using var subscription = await _feeds.Subscribe(caller: new() { Author = "bob", Authenticated = true });
        Assert.Equal(4, (await ReadUp(subscription)).Sum(page => page.Changes.Count));
        Model.Collection = Model.Collection with { Revision = 2, Settings = Model.Collection.Settings with { Owner = "owner" } };

        _feeds.Registry.Learn(Model.Collection);
        var pages = await ReadUp(subscription);

        Assert.Equal(ResetReasons.Settings, pages[0].Reset);
        Assert.Equal("", Text(pages));
    }

    [Fact]
    public async Task A_restored_database_resets_whoever_held_something_in_any_part()
    {
        Model.Put("b", "{}");
        await using var subscription = await _feeds.Subscribe();
        await ReadUp(subscription);
        Model.Streams = false;
        Model.Restore();
        var next = Next(subscription);

        while (!next.IsCompleted)
        {
            _feeds.PassSecond();
            await Task.Yield();
        }

        Assert.Equal(ResetReasons.UnknownCursor, (await next).Reset);
    }

    [Fact]
    public async Task A_slow_reader_is_given_what_is_furthest_behind_so_that_a_flood_of_one_part_hides_no_other()
    {
        for (var n = 0; n < 10; n++) Model.Put("quiet", n.ToString().AsData());
        string? since = null;
        var seen = false;
        for (var page = 0; page < 20 && !seen; page++)
        {
            for (var n = 0; n < 5; n++) Model.Put("flood!", n.ToString().AsData());
            var read = await _feeds.Registry.ReadPage(Request(since, limit: 4), null, default);
            seen = read.Changes.Any(change => change.Entry.Record.Id == "quiet");
            since = read.Cursor;
        }

        Assert.True(seen);
    }

    [Fact]
    public async Task While_a_long_run_of_one_part_is_told_no_page_of_another_is_up_to_date()
    {
        var asked = await _feeds.Registry.Ask(Request(), null, default);
        var view = new FeedView(asked.Identity, asked.Lens, asked.Collection);
        for (var partition = 0; partition < 4; partition++) view.Begin(partition, default, complete: true);
        view.Open();
        view.Join(asked.Place, out var first, out _);
        var run = Enumerable.Range(1, FeedRequest.MaxLimit + 1).Select(seq => new EncodedEntry(Entry($"r{seq}", seq))).ToArray();

        // The other comes just after the first page of the run.
        var interrupted = new Interrupted(run, FeedRequest.MaxLimit, () => view.Advance(1, new("life", 1), [new(Entry("other", 1))], complete: true));
        view.Advance(0, new("life", run[^1].Seq), interrupted, complete: true);

        var pages = new List<FeedPage>();
        for (var page = first.Next; page is not null; page = page.Next) pages.Add(page);
        Assert.Equal([FeedRequest.MaxLimit, 1, 1], pages.Select(page => page.Changes.Count));
        Assert.Equal([false, false, true], pages.Select(page => page.UpToDate));
        Assert.Equal(pages.Select(page => page.Since), [first.Cursor, .. pages.SkipLast(1).Select(page => page.Cursor)]);
    }

    [Fact]
    public async Task A_place_in_the_midst_of_what_was_skipped_says_so_and_who_comes_back_to_it_is_told_what_left()
    {
        await using var subscription = await _feeds.Subscribe(filter: """{"mine":true}""");
        await ReadUp(subscription);
        Model.Put("a", """{"mine":true}""");
        var held = await Next(subscription);
        // The stream is lost, and the grain remembers too little: the tail reads the latest versions, one at a time.
        (Model.Streams, Model.Remembers, Model.MostRead) = (false, 0, 1);
        Model.Put("e", """{"mine":true}""");
        Model.Put("a", """{"mine":false}""");
        Model.Put("a", """{"mine":false,"n":2}""");
        Model.Lose();
        var next = Next(subscription);
        _feeds.PassSecond();
        var midst = await next;
        Assert.Equal("+e@1", Text(midst));

        Model.Remembers = 1;
        var page = await _feeds.Registry.ReadPage(Request(midst.Cursor, """{"mine":true}"""), null, default);

        Assert.Equal("+a@1", Text(held));
        Assert.Equal("~a@3", Text(page));
    }

    private static FeedEntry Entry(string id, long seq) => new()
    {
        Seq = seq,
        Record = new() { Id = id, Version = 1, Timestamp = default, Author = "ada", Data = "{}"u8.ToArray() },
        KnowsBefore = true,
    };

    /// <summary>Something happens after so many have been taken.</summary>
    private sealed class Interrupted(EncodedEntry[] entries, int after, Action happens) : IReadOnlyList<EncodedEntry>
    {
        public int Count => entries.Length;

        public EncodedEntry this[int index] => entries[index];

        public IEnumerator<EncodedEntry> GetEnumerator()
        {
            for (var i = 0; i < entries.Length; i++)
            {
                if (i == after) happens();
                yield return entries[i];
            }
        }

        IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
    }
}
