using OrleansSync.Gateway.Access;
using OrleansSync.Gateway.Feeds;
using OrleansSync.Protocol;
using static OrleansSync.Gateway.Tests.Feeds.ModelFeeds;

namespace OrleansSync.Gateway.Tests.Feeds;

public sealed class PollingAFeed : IAsyncLifetime
{
    private readonly ModelFeeds _feeds = new();
    private FeedModel Model => _feeds.Model;

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync() => await _feeds.DisposeAsync();

    [Fact]
    public async Task A_poll_that_is_up_to_date_costs_one_call_and_leaves_nothing_behind()
    {
        Model.Put("a", "{}");
        var cursor = (await Poll()).Cursor;
        var (states, reads) = (Model.States, Model.Reads);

        var page = await Poll(cursor);

        Assert.Empty(page.Changes);
        Assert.Equal(cursor, page.Cursor);
        Assert.Equal((1, 0), (Model.States - states, Model.Reads - reads));
        Assert.Equal(0, Model.Followers);
    }

    [Fact]
    public async Task What_does_not_concern_the_filter_moves_the_cursor()
    {
        var first = await Poll(filter: """{"mine":true}""");
        Model.Put("other", """{"mine":false}""");

        var page = await Poll(first.Cursor, """{"mine":true}""");

        Assert.Empty(page.Changes);
        Assert.NotEqual(first.Cursor, page.Cursor);
        Assert.True(page.UpToDate);
    }

    [Fact]
    public async Task A_long_poll_ends_when_something_concerns_it()
    {
        var cursor = (await Poll(filter: """{"mine":true}""")).Cursor;
        var polling = Poll(cursor, """{"mine":true}""", wait: 25);
        await Until(() => Model.Followers == 1);

        Model.Put("other", """{"mine":false}""");
        Model.Put("mine", """{"mine":true}""");
        var page = await polling;

        Assert.Equal("+mine@1", Text(page));
        Assert.Equal(cursor, page.Since);
    }

    [Fact]
    public async Task A_long_poll_that_nothing_concerned_ends_with_a_moved_cursor()
    {
        // What follows a first write the stream brings in step with the writing; the first itself is read, who knows when.
        Model.Put("first", """{"mine":false}""");
        var cursor = (await Poll(filter: """{"mine":true}""")).Cursor;
        var polling = Poll(cursor, """{"mine":true}""", wait: 25);
        await Until(() => Model.Followers == 1);
        Model.Put("other", """{"mine":false}""");

        while (!polling.IsCompleted)
        {
            _feeds.PassSecond();
            await Task.Yield();
        }
        var page = await polling;

        Assert.Empty(page.Changes);
        Assert.Equal(cursor, page.Since);
        Assert.Equal((await Poll(cursor, """{"mine":true}""")).Cursor, page.Cursor);
    }

    [Fact]
    public async Task An_owner_reads_from_the_beginning_page_by_page_without_a_reset()
    {
        Model.Remembers = 2;
        Model.Collection = Model.Collection with { Settings = new() { Owner = "owner" } };
        for (var n = 0; n < 3000; n++)
            Model.Put($"r{n % 2500:0000}", $$"""{"owner":"{{(n % 2 == 0 ? "ada" : "bob")}}"}""");
        Model.Delete("r0001");
        var held = new List<string>();
        string? since = null;

        FeedPage page;
        do
        {
            page = await _feeds.Registry.ReadPage(Request(since, limit: 100, caller: Ada), null, default);
            Assert.Null(page.Reset);
            held.AddRange(page.Changes.Select(change => change.Entry.Record.Id));
            since = page.Cursor;
        }
        while (!page.UpToDate);

        Assert.Equal(1250, held.Count);
        Assert.Equal(held.Count, held.Distinct().Count());
    }

    [Fact]
    public async Task An_owner_who_was_away_too_long_starts_again_rather_than_hear_of_others()
    {
        Model.Remembers = 2;
        Model.Collection = Model.Collection with { Settings = new() { Owner = "owner" } };
        Model.Put("mine", """{"owner":"ada"}""");
        var cursor = (await Poll(caller: Ada)).Cursor;
        for (var n = 0; n < 5; n++) Model.Put("other", """{"owner":"bob"}""");

        var page = await Poll(cursor, caller: Ada);

        Assert.Equal(ResetReasons.Access, page.Reset);
        Assert.Equal("+mine@1", Text(await Poll(page.Cursor, caller: Ada)));
    }

    [Theory]
    [InlineData("")]
    [InlineData("with space")]
    [InlineData("ünusual")]
    public async Task What_cannot_be_a_cursor_is_malformed(string since)
    {
        var refused = await Assert.ThrowsAsync<RefusedException>(() => Poll(since));

        Assert.Equal(Codes.Malformed, refused.Problem.Code);
    }

    private async Task<FeedPage> Poll(string? since = null, string? filter = null, int? wait = null, Caller? caller = null) =>
        await _feeds.Registry.ReadPage(
            Request(since, filter, caller: caller), wait is { } seconds ? TimeSpan.FromSeconds(seconds) : null, default);

    private static async Task Until(Func<bool> true_)
    {
        while (!true_()) await Task.Yield();
    }

    private static readonly Caller Ada = new() { Author = "ada", Authenticated = true };
}
