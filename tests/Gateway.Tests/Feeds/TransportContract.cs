using System.Text.Json.Nodes;

namespace OrleansSync.Gateway.Tests.Feeds;

/// <summary>What every way to follow a feed promises (protocol §8). One subclass for each transport.</summary>
public abstract class TransportContract(RunningGateway gateway)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly string _collection = RunningGateway.NewCollection();

    protected abstract ITransport Transport { get; }

    [Fact]
    public async Task The_first_page_comes_at_once_even_if_it_is_empty()
    {
        await using var reader = await Open();

        var page = await Next(reader);

        Assert.Empty(page.Changes);
        Assert.True(page.UpToDate);
        Assert.Null(page.Reset);
        Assert.NotEmpty(page.Since);
        Assert.NotEmpty(page.Cursor);
    }

    [Fact]
    public async Task What_was_answered_before_is_in_the_first_pages()
    {
        await Put("a", """{"n":1}""");
        await Put("b", """{"n":2}""");
        await Put("a", """{"n":3}""");
        await using var reader = await Open();
        var held = new HeldFeed();

        await Read(reader, held, () => held.UpToDate);

        Assert.Equal("""a:{"n":3} b:{"n":2}""", Text(held));
    }

    [Fact]
    public async Task A_write_reaches_who_waits_with_its_record_and_write_id()
    {
        await using var reader = await Open();
        var held = new HeldFeed();
        await Read(reader, held, () => held.UpToDate);

        await gateway.Put(Path("a"), """{"n":1}""", null, ("Idempotency-Key", "w-1"), ("Sync-Client", "tab"));
        await Read(reader, held, () => held.Records.Count == 1);

        var change = held.Pages[^1].Changes.Single();
        Assert.Equal("upsert", (string?)change["type"]);
        Assert.Equal("w-1", (string?)change["write"]);
        Assert.Equal(1, (long)change["record"]!["version"]!);
        Assert.Equal("anonymous", (string?)change["record"]!["author"]);
        Assert.Equal("tab", (string?)change["record"]!["client"]);
        Assert.Equal("""{"n":1}""", change["record"]!["data"]!.ToJsonString());
    }

    [Fact]
    public async Task Who_keeps_up_sees_every_version_in_order()
    {
        await using var reader = await Open();
        var held = new HeldFeed();
        await Read(reader, held, () => held.UpToDate);

        for (var n = 1; n <= 20; n++) await Put("a", $$"""{"n":{{n}}}""");
        await Read(reader, held, () => held.Shown.Count > 0 && held.Shown[^1] == "a@20");

        Assert.Equal(Enumerable.Range(1, 20).Select(n => $"a@{n}"), held.Shown);
    }

    [Fact]
    public async Task A_deleted_record_arrives_as_its_tombstone()
    {
        await Put("a", """{"n":1}""");
        await using var reader = await Open();
        var held = new HeldFeed();
        await Read(reader, held, () => held.UpToDate);

        await gateway.Delete(Path("a"));
        await Read(reader, held, () => held.Records.Count == 0);

        var change = held.Pages[^1].Changes.Single();
        Assert.Equal("delete", (string?)change["type"]);
        Assert.Equal(2, (long)change["record"]!["version"]!);
        Assert.Null(change["record"]!["data"]);
    }

    [Fact]
    public async Task Who_comes_back_with_a_cursor_gets_what_was_missed_and_no_more()
    {
        await Put("a", """{"n":1}""");
        var held = new HeldFeed();
        await using (var reader = await Open()) await Read(reader, held, () => held.UpToDate);

        await Put("b", """{"n":2}""");
        await gateway.Delete(Path("a"));
        await using var again = await Open(held.Cursor);
        await Read(again, held, () => held.Records.ContainsKey("b") && held.UpToDate);

        Assert.Equal(["a@1", "b@1", "a@2"], held.Shown);
        Assert.Equal("""b:{"n":2}""", Text(held));
    }

    [Fact]
    public async Task A_hundred_records_changed_while_away_come_in_pages_no_longer_than_asked()
    {
        var held = new HeldFeed();
        await using (var reader = await Open()) await Read(reader, held, () => held.UpToDate);

        for (var n = 0; n < 100; n++) await Put($"r{n:000}", $$"""{"n":{{n}}}""");
        await using var again = await Open(held.Cursor, limit: 7);
        await Read(again, held, () => held.Records.Count == 100 && held.UpToDate);

        Assert.Equal(100, held.Shown.Count);
        Assert.All(held.Pages, page => Assert.True(page.Changes.Count <= MostOf(7)));
    }

    [Fact]
    public async Task A_filter_shows_who_enters_and_who_leaves()
    {
        await Put("a", """{"done":false}""");
        await Put("b", """{"done":true}""");
        await using var reader = await Open(filter: """{"done":false}""");
        var held = new HeldFeed();
        await Read(reader, held, () => held.UpToDate);
        Assert.Equal("""a:{"done":false}""", Text(held));

        await Put("b", """{"done":false}""");
        await Put("a", """{"done":true}""");
        await Read(reader, held, () => held.Records.Count == 1 && held.Records.ContainsKey("b"));

        var leave = held.Pages.SelectMany(page => page.Changes).Last();
        Assert.Equal("""{"type":"leave","id":"a","version":2}""", leave.ToJsonString());
    }

    [Fact]
    public async Task What_never_concerned_the_filter_is_not_sent()
    {
        await using var reader = await Open(filter: """{"mine":true}""");
        var held = new HeldFeed();
        await Read(reader, held, () => held.UpToDate);

        for (var n = 0; n < 10; n++) await Put($"other{n}", """{"mine":false}""");
        await gateway.Delete(Path("other3"));
        await Put("mine", """{"mine":true}""");
        await Read(reader, held, () => held.Records.Count == 1);

        Assert.Equal(["mine@1"], held.Shown);
    }

    [Fact]
    public async Task A_filtered_feed_resumes_where_it_was()
    {
        const string Filter = """{"mine":true}""";
        var held = new HeldFeed();
        await using (var reader = await Open(filter: Filter)) await Read(reader, held, () => held.UpToDate);

        await Put("other", """{"mine":false}""");
        await Put("mine", """{"mine":true}""");
        await using var again = await Open(held.Cursor, Filter);
        await Read(again, held, () => held.Records.Count == 1 && held.UpToDate);
        await Put("mine", """{"mine":true,"n":2}""");
        await Read(again, held, () => held.Shown.Contains("mine@2"));

        Assert.Equal(["mine@1", "mine@2"], held.Shown.Where(shown => shown.StartsWith("mine")));
        Assert.Null(held.Pages[^1].Reset);
    }

    [Fact]
    public async Task Now_skips_what_was_there()
    {
        await Put("old", """{"n":1}""");
        await using var reader = await Open("now");
        var held = new HeldFeed();

        await Read(reader, held, () => held.UpToDate);
        await Put("new", """{"n":2}""");
        await Read(reader, held, () => held.Records.Count > 0);

        Assert.Equal(["new@1"], held.Shown);
    }

    [Fact]
    public async Task A_made_up_cursor_is_reset_and_read_on_from_the_start()
    {
        await Put("a", """{"n":1}""");
        await using var reader = await Open("no-cursor.of_ours~1");
        var held = new HeldFeed();

        await Read(reader, held, () => held.UpToDate);

        Assert.Equal("no-cursor.of_ours~1", held.Pages[0].Since);
        Assert.Equal("unknown-cursor", held.Pages[0].Reset);
        Assert.Equal("""a:{"n":1}""", Text(held));
    }

    [Theory]
    [InlineData("""{"n":1}""")]
    [InlineData(null)]
    public async Task A_cursor_of_another_feed_is_reset(string? filter)
    {
        await Put("a", """{"n":1}""");
        var foreign = new HeldFeed();
        await using (var reader = await Open(filter: filter is null ? """{"n":1}""" : null)) await Read(reader, foreign, () => foreign.UpToDate);

        await using var other = await Open(foreign.Cursor, filter);
        var page = await Next(other);

        Assert.Equal("unknown-cursor", page.Reset);
    }

    [Fact]
    public async Task A_slow_reader_still_ends_up_with_exactly_the_collection()
    {
        await using var slow = await Open();
        var held = new HeldFeed();
        await Read(slow, held, () => held.UpToDate);

        var expected = new SortedDictionary<string, string>();
        for (var batch = 0; batch < 30; batch++)
        {
            var writes = new JsonArray();
            for (var n = 0; n < 200; n++)
            {
                var id = $"r{(batch * 7 + n) % 300:000}";
                var data = $$"""{"batch":{{batch}},"n":{{n}},"text":"{{new string('x', 300)}}"}""";
                writes.Add(JsonNode.Parse($$"""{"collection":"{{_collection}}","record":"{{id}}","op":"put","data":{{data}}}"""));
                expected[id] = data;
            }
            var reply = await gateway.Post("/v1/writes", new JsonObject { ["writes"] = writes }.ToJsonString());
            Assert.Equal(200, reply.Status);
        }
        await Read(slow, held, () => held.UpToDate && Matches(held, expected));

        Assert.Equal(expected.Count, held.Records.Count);
    }

    [Fact]
    public async Task Who_keeps_up_with_the_same_feed_gets_the_same_cursors()
    {
        await using var first = await Open();
        await using var second = await Open();
        var (one, two) = (new HeldFeed(), new HeldFeed());
        await Read(first, one, () => one.UpToDate);
        await Read(second, two, () => two.UpToDate);

        await Put("a", """{"n":1}""");
        await Read(first, one, () => one.Records.Count == 1);
        await Read(second, two, () => two.Records.Count == 1);

        Assert.Equal(one.Cursor, two.Cursor);
    }

    /// <summary>A page's greatest length for a reader who asked for <paramref name="limit"/>; transports without a say give up to 1,000.</summary>
    protected virtual int MostOf(int limit) => limit;

    private Task<IPageReader> Open(string? since = null, string? filter = null, int? limit = null) =>
        Transport.Open(gateway, _collection, since, filter, limit);

    private string Path(string id) => $"/v1/collections/{_collection}/records/{id}";

    private async Task Put(string id, string data)
    {
        var reply = await gateway.Put(Path(id), data);
        Assert.True(reply.Status is 200 or 201, reply.Text);
    }

    private static async Task<Page> Next(IPageReader reader)
    {
        using var patience = new CancellationTokenSource(Patience);
        return await reader.Next(patience.Token);
    }

    private static async Task Read(IPageReader reader, HeldFeed held, Func<bool> enough)
    {
        do held.Apply(await Next(reader));
        while (!enough());
    }

    private static string Text(HeldFeed held) =>
        string.Join(' ', held.Records.Select(record => $"{record.Key}:{record.Value.ToJsonString()}"));

    private static bool Matches(HeldFeed held, SortedDictionary<string, string> expected) =>
        held.Records.Count == expected.Count
        && held.Records.All(record => expected[record.Key] == record.Value.ToJsonString());
}
