using CsCheck;
using OrleansSync.Protocol;

namespace OrleansSync.Storage.Tests.Contract;

public abstract partial class StorageContract
{
    // In the protocol's order; two equal ones side by side tell that ties go by id.
    private static readonly string[] AcrossTypes =
    [
        "{}", """{"v":null}""", """{"v":false}""", """{"v":true}""", """{"v":-1e300}""", """{"v":-2}""", """{"v":-1.5}""", """{"v":0}""",
        """{"v":0.1}""", """{"v":1}""", """{"v":1.0}""", """{"v":9007199254740993}""", """{"v":9007199254740994}""", """{"v":""}""",
        """{"v":"a"}""", """{"v":"a\u0001"}""", """{"v":"b"}""", """{"v":"ä"}""", """{"v":"\ud83d\ude00"}""", """{"v":[]}""", """{"v":[1]}""",
        """{"v":{}}""", """{"v":{"w":1}}""",
    ];

    [Fact]
    public async Task An_unknown_collection_lists_nothing() => Assert.Equal(new RecordPage([], null), await Page() with { Records = [] });

    [Fact]
    public async Task A_list_holds_the_live_records_by_id()
    {
        var feed = await TakeFeed();
        await feed.Commit(feed.Put("b", "{}"), feed.Put("C", "{}"), feed.Put("a", "{}"), feed.Put("d", "{}"), feed.Delete("d"), feed.Reject("e"));
        Assert.Equal("C a b", await Ids());
        Assert.Equal("b a C", await Ids(order: "-id"));
    }

    [Fact]
    public async Task Listed_records_are_whole()
    {
        var feed = await TakeFeed();
        var commit = feed.Put("a", """{"n":1}""");
        await feed.Commit(commit);
        Same(commit.State!.View, Assert.Single((await Page()).Records));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Values_of_all_types_have_one_order(bool indexed)
    {
        if (indexed)
            await Store.RebuildIndexes("todos", ["v"], default);
        var feed = await TakeFeed();
        await feed.Commit([.. AcrossTypes.Index().Reverse().Select(each => feed.Put($"r{each.Index:00}", each.Item))]);
        var up = Enumerable.Range(0, AcrossTypes.Length).Select(i => $"r{i:00}").ToList();
        Assert.Equal(up, (await Ids(order: "v")).Split(' '));

        // Down, but equal values by id all the same: 1 and 1.0, the arrays, the objects.
        var down = Enumerable.Reverse(up).ToList();
        foreach (var (first, second) in new[] { ("r09", "r10"), ("r19", "r20"), ("r21", "r22") })
            (down[down.IndexOf(second)], down[down.IndexOf(first)]) = (first, second);
        Assert.Equal(down, (await Ids(order: "-v")).Split(' '));
    }

    [Fact]
    public async Task Lists_are_ordered_by_timestamp_and_version()
    {
        var feed = await TakeFeed();
        await feed.Commit(feed.Put("b", "{}"));
        Clock.Advance(TimeSpan.FromSeconds(1));
        await feed.Commit(feed.Put("a", "{}"), feed.Put("a", "{}"), feed.Put("c", "{}"));

        Assert.Equal("b a c", await Ids(order: "timestamp"));
        Assert.Equal("a c b", await Ids(order: "-timestamp"));
        Assert.Equal("b c a", await Ids(order: "version"));
        Assert.Equal("a b c", await Ids(order: "-version"));
    }

    [Theory]
    [InlineData("""{"n":1}""", "b d")]
    [InlineData("""{"n":{"gte":1,"lt":3}}""", "b c d")]
    [InlineData("""{"n":{"gt":1,"lte":3}}""", "c e")]
    [InlineData("""{"n":{"in":[3,1]}}""", "b d e")]
    [InlineData("""{"n":{"in":[]}}""", "")]
    [InlineData("""{"n":{"exists":false}}""", "a")]
    [InlineData("""{"n":{"exists":true}}""", "b c d e f")]
    [InlineData("""{"n":{"ne":1}}""", "a c e f")]
    [InlineData("""{"n":{"gte":2},"done":true}""", "e")]
    [InlineData("""{"n":"x"}""", "f")]
    [InlineData("""{"n":1,"$id":{"gt":"b"}}""", "d")]
    public async Task Filters_hold_with_and_without_an_index(string filter, string expected)
    {
        var feed = await TakeFeed();
        await feed.Commit(
            feed.Put("a", "{}"), feed.Put("b", """{"n":1}"""), feed.Put("c", """{"n":2}"""), feed.Put("d", """{"n":1.0}"""),
            feed.Put("e", """{"n":3,"done":true}"""), feed.Put("f", """{"n":"x"}"""));
        Assert.Equal(expected, await Ids(filter));

        await Store.RebuildIndexes("todos", ["n"], default);
        Assert.Equal(expected, await Ids(filter));
        Assert.Equal(string.Join(' ', expected.Split(' ').Reverse()), await Ids(filter, "-id"));
    }

    [Theory]
    [InlineData(null, false)]
    [InlineData("-id", false)]
    [InlineData("n", false)]
    [InlineData("-n", false)]
    [InlineData("version", false)]
    [InlineData("n", true)]
    [InlineData("-n", true)]
    public async Task Pages_follow_each_other_without_a_gap_or_a_repeat(string? order, bool indexed)
    {
        if (indexed)
            await Store.RebuildIndexes("todos", ["n"], default);
        var feed = await TakeFeed();
        await feed.Commit([.. Enumerable.Range(0, 23).Select(i => feed.Put($"r{i:00}", $$"""{"n":{{i % 4}}}"""))]);
        var whole = (await Page(order: order)).Records.Select(record => record.Id);

        Assert.Equal(whole, (await AllPages(null, order, 5)).Select(record => record.Id));
        Assert.Null((await Page(order: order, limit: 23)).Next);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Paging_is_stable_while_records_come_and_go(bool indexed)
    {
        if (indexed)
            await Store.RebuildIndexes("todos", ["n"], default);
        var feed = await TakeFeed();
        await feed.Commit([.. Enumerable.Range(0, 6).Select(i => feed.Put($"r{i}", $$"""{"n":{{i * 10}}}"""))]);
        var first = await Page(order: "n", limit: 3);
        Assert.Equal(["r0", "r1", "r2"], first.Records.Select(record => record.Id));

        await feed.Commit(feed.Put("before", """{"n":15}"""), feed.Put("after", """{"n":25}"""), feed.Delete("r2"), feed.Delete("r4"));
        Assert.Equal(["after", "r3", "r5"], (await Page(order: "n", limit: 3, after: first.Next)).Records.Select(record => record.Id));
    }

    [Theory]
    [InlineData(false, "v")]
    [InlineData(true, "v")]
    [InlineData(false, "-v")]
    [InlineData(true, "-v")]
    public async Task Pages_of_very_long_values_follow_each_other(bool indexed, string order)
    {
        if (indexed)
            await Store.RebuildIndexes("todos", ["v"], default);
        var feed = await TakeFeed();
        var common = new string('x', 3_000);
        await feed.Commit([.. Enumerable.Range(0, 7).Select(i => feed.Put($"r{i}", $$"""{"v":"{{common}}{{7 - (i / 2)}}"}"""))]);
        var whole = (await Page(order: order)).Records.Select(record => record.Id);

        Assert.Equal(whole, (await AllPages(null, order, 2)).Select(record => record.Id));
        Assert.InRange((await Page(order: order, limit: 2)).Next!.Length, 1, 1_000);
    }

    [Fact]
    public async Task A_page_after_the_longest_common_beginning_misses_nothing_when_its_record_is_gone()
    {
        var feed = await TakeFeed();
        var common = new string('x', 3_000);
        await feed.Commit([.. Enumerable.Range(0, 4).Select(i => feed.Put($"r{i}", $$"""{"v":"{{common}}{{i}}"}"""))]);
        var next = (await Page(order: "v", limit: 2)).Next;
        await feed.Commit(feed.Delete("r1"));

        var ids = (await Page(order: "v", after: next)).Records.Select(record => record.Id).ToList();
        Assert.Contains("r2", ids);
        Assert.Contains("r3", ids);
    }

    [Fact]
    public async Task A_page_of_large_records_ends_before_its_limit()
    {
        var feed = await TakeFeed();
        var large = $$"""{"t":"{{new string('x', 250_000)}}"}""";
        for (var i = 0; i < 45; i++)
            await feed.Commit(feed.Put($"r{i:00}", large));
        var page = await Page();

        Assert.InRange(page.Records.Count, 1, 44);
        Assert.Equal(45, (await AllPages(null, null, 1000)).Count);
    }

    [Theory]
    [InlineData("")]
    [InlineData("nonsense")]
    [InlineData("AAAA")]
    [InlineData("!!!")]
    public async Task An_after_that_is_no_next_is_malformed(string after)
    {
        await TakeFeed();
        var refused = await Assert.ThrowsAsync<RefusedException>(() => Page(after: after));
        Assert.Equal(Codes.Malformed, refused.Problem.Code);
    }

    [Fact]
    public async Task A_next_belongs_to_its_order_and_filter()
    {
        var feed = await TakeFeed();
        await feed.Commit(feed.Put("a", "{}"), feed.Put("b", "{}"));
        var next = (await Page(limit: 1)).Next;

        Assert.Equal("b", Assert.Single((await Page(after: next)).Records).Id);
        await Assert.ThrowsAsync<RefusedException>(() => Page(order: "-id", after: next));
        await Assert.ThrowsAsync<RefusedException>(() => Page(filter: """{"n":1}""", after: next));
        await Assert.ThrowsAsync<RefusedException>(() => Page(after: next![..^4]));
    }

    [Fact]
    public async Task The_index_follows_every_write()
    {
        var feed = await TakeFeed();
        await feed.Commit(feed.Put("a", """{"n":1}"""), feed.Put("b", """{"n":1}"""));
        await Store.RebuildIndexes("todos", ["n"], default);
        await feed.Commit(feed.Put("a", """{"n":2}"""), feed.Put("c", """{"n":1}"""), feed.Delete("b"), feed.Put("d", "{}"));

        Assert.Equal("c", await Ids("""{"n":1}"""));
        Assert.Equal("d c a", await Ids(order: "n"));
        await feed.Commit(feed.Put("b", """{"n":1}"""), feed.Put("a", """{"n":2}"""), feed.Quiet("c", """{"n":7}""", []));
        Assert.Equal("b", await Ids("""{"n":1}"""));
        Assert.Equal("d b a c", await Ids(order: "n"));
    }

    [Fact]
    public async Task A_refused_batch_leaves_the_index_alone()
    {
        await Store.RebuildIndexes("todos", ["n"], default);
        var feed = await TakeFeed();
        await feed.Commit(feed.Put("a", """{"n":1}"""));
        await Store.Commit([feed.Batch(feed.Put("a", """{"n":2}"""), feed.Put("b", "{}") with { ExpectedVersion = 3 })], default);
        Assert.Equal("a", await Ids("""{"n":1}"""));
        Assert.Equal("", await Ids("""{"n":2}"""));
    }

    [Fact]
    public async Task Indexes_come_and_go_and_come_back()
    {
        var feed = await TakeFeed();
        await feed.Commit([.. Enumerable.Range(0, 1_200).Select(i => feed.Put($"r{i:0000}", $$"""{"n":{{i}},"m":{{-i}}}"""))]);
        await Store.RebuildIndexes("todos", ["n"], default);
        await Store.RebuildIndexes("todos", ["m"], default);
        await feed.Commit(feed.Put("r0001", """{"n":5000,"m":5000}"""));
        await Store.RebuildIndexes("todos", ["n", "m"], default);

        Assert.Equal("r0001", (await Page(order: "-n", limit: 1)).Records[0].Id);
        Assert.Equal("r1199", (await Page(order: "m", limit: 1)).Records[0].Id);
        await Store.RebuildIndexes("todos", [], default);
        Assert.Equal("r0001", (await Page(order: "-n", limit: 1)).Records[0].Id);
    }

    [Fact]
    public async Task An_index_answers_as_a_scan_does()
    {
        var (plain, indexed) = (await TakeFeed("plain"), await TakeFeed("indexed"));
        await Store.RebuildIndexes("indexed", ["v", "o.w"], default);
        var value = OneOf("null", "true", "false", "0", "-1", "1", "1.0", "10", "2.5", "\"\"", "\"a\"", "\"b\"", "[1]", "[]", "{}");
        var record = Gen.Select(Gen.Int[0, 30], value, value, Gen.Int[0, 9]);
        var order = OneOf("", "v", "-v", "o.w", "-o.w", "id", "-id", "version", "-version");
        var step = OneOf("gt", "gte", "lt", "lte");
        var number = OneOf("0", "1", "2", "\"a\"", "-5");
        var filter = Gen.OneOf(
            Gen.Const("{}"),
            value.Where(v => v[0] != '{').Select(v => $$"""{"v":{{v}}}"""),
            Gen.Select(value, value, (a, b) => $$$"""{"v":{"in":[{{{a}}},{{{b}}}]}}"""),
            Gen.Select(step, number, step, number, (s, n, t, m) => $$$"""{"v":{"{{{s}}}":{{{n}}}},"o.w":{"{{{t}}}":{{{m}}}}}"""),
            Gen.Select(value, number, (a, n) => $$$"""{"v":{"ne":{{{a}}}},"o.w":{"eq":{{{n}}}}}"""),
            Gen.Bool.Select(yes => $$$"""{"v":{"exists":{{{(yes ? "true" : "false")}}}}}"""));

        await Gen.Select(record.Array[1, 12], filter, order, Gen.Int[1, 7]).SampleAsync(
            async (records, where, by, limit) =>
            {
                foreach (var (id, v, w, kind) in records)
                {
                    var json = kind switch { 0 => "{}", 1 => $$$"""{"o":{"w":{{{w}}}}}""", _ => $$$"""{"v":{{{v}}},"o":{"w":{{{w}}}}}""" };
                    foreach (var feed in new[] { plain, indexed })
                        await feed.Commit(kind == 2 ? feed.Delete($"r{id}") : feed.Put($"r{id}", json));
                }
                var scanned = await AllPages(where, by, limit, "plain");
                var found = await AllPages(where, by, limit, "indexed");
                Assert.Equal(scanned.Select(each => each.Id), found.Select(each => each.Id));
                Assert.Equal(scanned.Select(each => each.Id), (await AllPages(where, by, 1000, "plain")).Select(each => each.Id));
            },
            iter: 150,
            threads: 1);
    }

    private async Task<List<RecordVersion>> AllPages(
        string? filter, string? order, int limit, string collection = "todos", bool conflicts = false)
    {
        var records = new List<RecordVersion>();
        string? after = null;
        do
        {
            var page = await Page(filter, order, limit, after, collection, conflicts);
            Assert.InRange(page.Records.Count, 0, limit);
            records.AddRange(page.Records);
            after = page.Next;
        }
        while (after is not null);
        return records;
    }

    private static Gen<string> OneOf(params string[] choices) => Gen.Int[0, choices.Length - 1].Select(i => choices[i]);
}
