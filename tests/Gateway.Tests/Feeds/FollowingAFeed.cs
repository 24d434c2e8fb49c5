using System.Text.Json.Nodes;
using OrleansSync.Gateway.Access;
using OrleansSync.Gateway.Feeds;
using OrleansSync.Protocol;
using static OrleansSync.Gateway.Tests.Feeds.ModelFeeds;

namespace OrleansSync.Gateway.Tests.Feeds;

public sealed class FollowingAFeed : IAsyncLifetime
{
    private readonly ModelFeeds _feeds = new();
    private FeedModel Model => _feeds.Model;

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync() => await _feeds.DisposeAsync();

    [Fact]
    public async Task All_who_keep_up_get_the_same_page()
    {
        await using var first = await _feeds.Subscribe();
        await using var second = await _feeds.Subscribe("now");
        await ReadUp(first);
        await ReadUp(second);

        Model.Put("a", "{}");

        Assert.Same(await Next(first), await Next(second));
    }

    [Fact]
    public async Task A_page_is_json_and_one_unmasked_text_frame_of_the_same()
    {
        await using var subscription = await _feeds.Subscribe("now");
        await ReadUp(subscription);
        Model.Put("a", $$"""{"text":"{{new string('ä', 300)}}"}""");

        var page = await Next(subscription);

        var json = JsonNode.Parse(page.Json.Span)!;
        Assert.Equal(page.Since, (string?)json["since"]);
        Assert.Equal(page.Cursor, (string?)json["cursor"]);
        Assert.True((bool)json["upToDate"]!);
        Assert.Equal("upsert", (string?)json["changes"]![0]!["type"]);
        var frame = page.Frame.Span;
        Assert.Equal([0x81, 126], frame[..2].ToArray());
        Assert.Equal(frame.Length - 4, (frame[2] << 8) | frame[3]);
        var framed = JsonNode.Parse(frame[4..])!;
        Assert.Equal("changes", (string?)framed["type"]);
        Assert.Equal(subscription.Feed, (string?)framed["feed"]);
        Assert.Equal(json["changes"]!.ToJsonString(), framed["changes"]!.ToJsonString());
    }

    [Fact]
    public async Task What_concerns_nobody_wakes_nobody_and_is_covered_by_the_next_page()
    {
        await using var subscription = await _feeds.Subscribe(filter: """{"mine":true}""");
        var first = (await ReadUp(subscription))[^1];

        Model.Put("other", """{"mine":false}""");
        var waiting = subscription.WaitToRead(CancellationToken.None);
        Assert.False(waiting.IsCompleted);
        Model.Put("mine", """{"mine":true}""");
        await waiting;

        Assert.True(subscription.TryRead(out var page));
        Assert.Equal("+mine@1", Text(page));
        Assert.Equal(first.Cursor, page.Since);
    }

    [Fact]
    public async Task Whoever_joins_in_a_quiet_stretch_stands_on_the_same_chain()
    {
        await using var early = await _feeds.Subscribe(filter: """{"mine":true}""");
        await ReadUp(early);
        Model.Put("other", """{"mine":false}""");
        await using var late = await _feeds.Subscribe(filter: """{"mine":true}""");
        await ReadUp(late);

        Model.Put("mine", """{"mine":true}""");

        Assert.Same(await Next(early), await Next(late));
    }

    [Fact]
    public async Task Whoever_comes_back_from_beyond_the_last_page_gets_their_own_since()
    {
        await using var early = await _feeds.Subscribe(filter: """{"mine":true}""");
        await ReadUp(early);
        Model.Put("other", """{"mine":false}""");
        var cursor = (await _feeds.Registry.ReadPage(Request(early.CursorHere, """{"mine":true}"""), null, default)).Cursor;
        await using var late = await _feeds.Subscribe(cursor, """{"mine":true}""");
        var first = await Next(late);

        Model.Put("mine", """{"mine":true}""");
        var page = await Next(late);

        Assert.Equal(cursor, first.Since);
        Assert.Equal(first.Cursor, page.Since);
        Assert.Equal("+mine@1", Text(page));
    }

    [Fact]
    public async Task A_stream_that_brings_nothing_costs_a_second()
    {
        Model.Streams = false;
        await using var subscription = await _feeds.Subscribe();
        await ReadUp(subscription);
        Model.Put("a", "{}");
        var next = Next(subscription);

        _feeds.PassSecond();

        Assert.Equal("+a@1", Text(await next));
    }

    [Fact]
    public async Task A_stream_that_stays_behind_is_renewed_and_read_around()
    {
        Model.Streams = false;
        await using var subscription = await _feeds.Subscribe();
        await ReadUp(subscription);
        for (var n = 0; n < 4; n++)
        {
            Model.Put("a", "{}");
            var next = Next(subscription);
            _feeds.PassSecond();
            await next;
        }

        Model.Put("b", "{}");
        var soon = Next(subscription);
        // The tail may be reading or between two readings: a tenth that passes before it counts again is lost on it. Less than the second of a look all the same.
        for (var tenth = 0; tenth < 9 && !soon.IsCompleted; tenth++)
        {
            var counting = _feeds.Clock.NextTimer;
            _feeds.Clock.Advance(TimeSpan.FromMilliseconds(100));
            await Task.WhenAny(soon, counting);
        }

        Assert.Equal("+b@1", Text(await soon));
        Assert.Equal(1, Model.Followers);
    }

    [Fact]
    public async Task Lost_late_doubled_and_reordered_messages_change_nothing()
    {
        await using var subscription = await _feeds.Subscribe();
        await ReadUp(subscription);
        Model.Put("a", "1".AsData());
        Model.Streams = false;

        Model.Put("b", "2".AsData());
        Model.Lose();
        Model.Put("c", "3".AsData());
        Model.Put("d", "4".AsData());
        Model.Deliver(reversed: true);
        Model.DeliverAgain(3);
        Model.Streams = true;
        Model.Put("e", "5".AsData());
        var pages = new List<FeedPage>();
        while (!Text(pages).Contains("+e")) pages.Add(await Next(subscription));

        Assert.Equal("+a@1 +b@1 +c@1 +d@1 +e@1", Text(pages));
    }

    [Fact]
    public async Task Who_stops_reading_falls_out_of_the_chain_and_comes_back_by_cursor()
    {
        Model.Remembers = 10;
        // What follows a first write the stream brings in step with the writing; the first itself is read, who knows when.
        Model.Put("first", "{}");
        await using var slow = await _feeds.Subscribe();
        await ReadUp(slow);
        for (var n = 0; n < 6000; n++) Model.Put($"r{n % 50}", n.ToString().AsData());

        var pages = await ReadUp(slow);

        var held = new Dictionary<string, long>();
        foreach (var change in pages.SelectMany(page => page.Changes)) held[change.Entry.Record.Id] = change.Entry.Record.Version;
        Assert.Equal(50, held.Count);
        Assert.All(held.Values, version => Assert.Equal(120, version));
        Model.Put("after", "{}");
        Assert.Equal("+after@1", Text(await Next(slow)));
    }

    [Fact]
    public async Task A_cursor_older_than_the_floor_is_reset_for_retention()
    {
        Model.Remembers = 1;
        Model.Put("a", "{}");
        Model.Put("b", "{}");
        var cursor = (await _feeds.Registry.ReadPage(Request(limit: 1), null, default)).Cursor;
        Model.Delete("b");
        Model.Sweep(3);

        await using var subscription = await _feeds.Subscribe(cursor);
        var pages = await ReadUp(subscription);

        Assert.Equal(ResetReasons.Retention, pages[0].Reset);
        Assert.Equal(pages[0].Cursor, pages[1].Since);
        Assert.Equal("+a@1", Text(pages));
    }

    [Fact]
    public async Task A_restored_database_resets_whoever_held_something()
    {
        Model.Put("a", "{}");
        await using var subscription = await _feeds.Subscribe();
        await ReadUp(subscription);
        Model.Streams = false;
        Model.Restore();
        var next = Next(subscription);

        _feeds.PassSecond();

        Assert.Equal(ResetReasons.UnknownCursor, (await next).Reset);
        Assert.Equal("+restored@1", Text(await ReadUp(subscription)));
    }

    [Fact]
    public async Task Settings_that_change_what_is_seen_reset_the_feed_under_its_name()
    {
        Model.Put("a", """{"owner":"ada"}""");
        Model.Put("b", """{"owner":"bob"}""");
        await using var subscription = await _feeds.Subscribe(caller: Ada);
        Assert.Equal("+a@1 +b@1", Text(await ReadUp(subscription)));
        Model.Collection = Model.Collection with { Revision = 2, Settings = new() { Owner = "owner" } };

        _feeds.Registry.Learn(Model.Collection);
        var pages = await ReadUp(subscription);

        Assert.Equal(ResetReasons.Settings, pages[0].Reset);
        Assert.Equal("+a@1", Text(pages));
        Assert.All(pages, page => Assert.Equal(subscription.Feed, page.Feed));
    }

    [Fact]
    public async Task Who_may_no_longer_read_is_told_to_drop_everything_and_then_it_ends()
    {
        Model.Put("a", "{}");
        await using var subscription = await _feeds.Subscribe();
        await ReadUp(subscription);
        Model.Collection = Model.Collection with { Revision = 2, Settings = new() { Read = ["user:ada"] } };

        _feeds.Registry.Learn(Model.Collection);

        Assert.Equal(ResetReasons.Access, (await Next(subscription)).Reset);
        Assert.False(await subscription.WaitToRead(default));
        Assert.Equal(Codes.Forbidden, subscription.End!.Code);
    }

    [Fact]
    public async Task Other_settings_disturb_nobody()
    {
        await using var subscription = await _feeds.Subscribe();
        await ReadUp(subscription);
        Model.Collection = Model.Collection with { Revision = 2, Settings = new() { HistoryDays = 3 } };
        _feeds.Registry.Learn(Model.Collection);

        Model.Put("a", "{}");

        Assert.Equal("+a@1", Text(await Next(subscription)));
    }

    [Fact]
    public async Task A_stream_ends_with_its_token()
    {
        await using var subscription = await _feeds.Subscribe(caller: Ada with { Expires = _feeds.Clock.GetUtcNow().AddMinutes(1) });
        await ReadUp(subscription);
        var waiting = subscription.WaitToRead(default);

        _feeds.Clock.Advance(TimeSpan.FromMinutes(1));

        Assert.False(await waiting);
        Assert.Equal(Codes.Unauthorized, subscription.End!.Code);
    }

    [Fact]
    public async Task A_newer_token_keeps_it_going()
    {
        await using var subscription = await _feeds.Subscribe(caller: Ada with { Expires = _feeds.Clock.GetUtcNow().AddMinutes(1) });
        await ReadUp(subscription);

        subscription.Renew(Ada with { Expires = _feeds.Clock.GetUtcNow().AddMinutes(5) });
        var next = Next(subscription);
        _feeds.Clock.Advance(TimeSpan.FromMinutes(2));
        Model.Put("a", "{}");

        Assert.Equal("+a@1", Text(await next));
    }

    [Fact]
    public async Task A_cancelled_wait_can_be_followed_by_another()
    {
        await using var subscription = await _feeds.Subscribe();
        await ReadUp(subscription);
        using var giveUp = new CancellationTokenSource();
        var waiting = subscription.WaitToRead(giveUp.Token);
        await giveUp.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await waiting);

        var next = Next(subscription);
        Model.Put("a", "{}");

        Assert.Equal("+a@1", Text(await next));
    }

    [Fact]
    public async Task A_collection_that_does_not_exist_is_empty_and_its_first_write_wakes()
    {
        Model.Collection = Model.Collection with { Revision = 0 };
        await using var subscription = await _feeds.Subscribe("now");
        var first = (await ReadUp(subscription))[^1];
        var next = Next(subscription);

        Model.Collection = Model.Collection with { Revision = 1 };
        Model.Put("a", "{}");
        var page = await next;

        Assert.Equal("+a@1", Text(page));
        Assert.Equal(first.Cursor, page.Since);
    }

    [Fact]
    public async Task A_tail_that_nobody_needs_is_let_go_after_some_seconds()
    {
        await (await _feeds.Subscribe()).DisposeAsync();
        Assert.Equal(1, Model.Followers);

        for (var second = 0; second < 10_000 && Model.Followers > 0; second++)
        {
            _feeds.PassSecond();
            await Task.Yield();
        }

        Assert.Equal(0, Model.Followers);
    }

    private static readonly Caller Ada = new() { Author = "ada", Authenticated = true };
}

internal static class ModelData
{
    public static string AsData(this string number) => $$"""{"n":{{number}}}""";
}
