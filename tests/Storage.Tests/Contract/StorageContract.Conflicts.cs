using CsCheck;
using OrleansSync.Protocol;

namespace OrleansSync.Storage.Tests.Contract;

public abstract partial class StorageContract
{
    /// <summary>A conflict with every member there is, and with each one that can be left out left out once.</summary>
    private static Conflict Rich(string id) => new()
    {
        Id = id,
        Revision = long.MaxValue,
        OpenedAt = new(639_310_953_120_000_001),
        Claim = new("ada", "phone-1", new(639_310_953_120_000_002)),
        Fields = [new("title", "\"Milk\""u8.ToArray(), "\"é\""u8.ToArray()), new(@"a\.b.c", null, "null"u8.ToArray()), new("note", [], null)],
        Candidates =
        [
            new()
            {
                Id = 1,
                Write = "w-1",
                Author = "bob",
                Client = "tab:2",
                Timestamp = new(1),
                Op = WriteOp.Patch,
                Base = 0,
                Values = [new("title", "\"Oat milk\""u8.ToArray()), new(@"a\.b.c", "null"u8.ToArray())],
                Removed = ["note", "title"],
            },
            new() { Id = 2, Author = "", Timestamp = new(0), Op = WriteOp.Delete, Removed = [""] },
            new() { Id = 300, Author = "zoë", Timestamp = new(5), Op = WriteOp.Put, Base = long.MaxValue, Values = [new("", "{}"u8.ToArray())] },
        ],
    };

    /// <summary>The commit with this conflict open after it.</summary>
    private static RecordCommit Held(RecordCommit commit, Conflict conflict) =>
        commit with { State = commit.State! with { View = commit.State.View with { Conflict = conflict.Beside(commit.State.View.Data) } } };

    private RecordCommit Held(RecordCommit commit) => Held(commit, Rich($"c-{commit.State!.View.Version}") with { OpenedAt = Now });

    private async Task<CollectionCounts> Counts() => (await Store.ReadCollection("todos", default))!.Counts;

    private async Task<string> Conflicts(string? filter = null, string? order = null) =>
        string.Join(' ', (await Page(filter, order, conflicts: true)).Records.Select(record => record.Id));

    private async Task<string> OpenedUntil(Timestamp until, int limit = 1000) =>
        string.Join(' ', (await Store.ReadConflicts("todos", until, limit, default)).Select(open => open.Record));

    [Fact]
    public async Task An_open_conflict_comes_back_whole_wherever_its_record_is_read()
    {
        var feed = await TakeFeed();
        var commit = Held(feed.Put("a", """{"title":"é","a.b":{"c":null}}"""), Rich("c-1"));
        await feed.Commit(commit);
        await Reopen();

        Same(Rich("c-1"), (await Read("a"))!.State!.View.Conflict);
        Same(commit.State, (await Read("a"))!.State);
        Same(commit.State!.View, Assert.Single((await Store.ReadFeed("todos", 0, 0, 10, default)).Entries).Record);
        Same(commit.State.View, Assert.Single((await Page()).Records));
        Same(commit.State.View, Assert.Single((await Page(conflicts: true)).Records));
    }

    [Fact]
    public async Task A_tombstone_can_have_a_conflict()
    {
        var feed = await TakeFeed();
        var conflict = Rich("c-2") with { Claim = null, Fields = [new("", """{"n":1}"""u8.ToArray(), null)] };
        var commit = Held(feed.Delete("a", """{"n":1}"""), conflict);
        await feed.Commit(commit);

        Same(commit.State, (await Read("a"))!.State);
        var entry = Assert.Single((await Store.ReadFeed("todos", 0, 0, 10, default)).Entries);
        Same(commit.State!.View, entry.Record);
        Assert.Equal("""{"n":1}"""u8.ToArray(), entry.Before);
        Same(commit.State.View, Assert.Single((await Page(conflicts: true)).Records));
        Assert.Empty((await Page()).Records);
    }

    [Fact]
    public async Task What_the_paths_of_a_conflict_hold_is_what_the_data_holds()
    {
        var feed = await TakeFeed();
        var stale = Rich("c-1") with { Fields = [new("title", null, "1"u8.ToArray()), new("", null, "2"u8.ToArray()), new("gone", null, "3"u8.ToArray())] };
        var commit = feed.Put("a", """{"title":7}""");
        await feed.Commit(commit with { State = commit.State! with { View = commit.State.View with { Conflict = stale } } });

        var fields = (await Read("a"))!.State!.View.Conflict!.Fields;
        Assert.Equal("7", Text(fields[0].Current));
        Assert.Equal("""{"title":7}""", Text(fields[1].Current));
        Assert.Null(fields[2].Current);
    }

    [Fact]
    public async Task A_large_conflict_survives()
    {
        var feed = await TakeFeed();
        var candidates = Enumerable.Range(1, Conflict.MostCandidates).Select(
            i => new Candidate { Id = i, Author = "bob", Timestamp = Now, Op = WriteOp.Patch, Values = [new("t", new byte[32_000])] });
        var commit = Held(feed.Put("a", $$"""{"t":"{{new string('x', 250_000)}}"}"""), Rich("c-1") with { Candidates = [.. candidates] });
        await feed.Commit(commit);
        Same(commit.State, (await Read("a"))!.State);
    }

    [Fact]
    public async Task A_commit_says_what_conflict_there_is_and_one_of_history_alone_says_nothing_of_it()
    {
        var feed = await TakeFeed();
        await feed.Commit(Held(feed.Put("a", "{}"), Rich("c-1")));
        await feed.Commit(feed.Reject("a"));
        Assert.Equal("c-1", (await Read("a"))!.State!.View.Conflict!.Id);

        await feed.Commit(Held(feed.Quiet("a", """{"n":1}""", [9]), Rich("c-1") with { Revision = 7 }));
        Assert.Equal(7, (await Read("a"))!.State!.View.Conflict!.Revision);
        await feed.Commit(feed.Put("a", "{}"));
        Assert.Null((await Read("a"))!.State!.View.Conflict);
        Assert.Null(Assert.Single((await Store.ReadFeed("todos", 0, 0, 10, default)).Entries).Record.Conflict);
    }

    [Fact]
    public async Task Open_conflicts_are_counted()
    {
        await Settle(CollectionSettings.Default);
        var (feed, other) = (await TakeFeed(), await TakeFeed("todos", 1));
        await feed.Commit(Held(feed.Put("a", "{}")), feed.Put("b", "{}"), Held(feed.Put("c", "{}")), Held(feed.Put("d", "{}")));
        await other.Commit(Held(other.Put("e", "{}")));
        Assert.Equal(new CollectionCounts(5, 0, 4), await Counts());

        // Joined, over a tombstone, settled, opened and settled in one batch.
        await feed.Commit(Held(feed.Put("a", "{}")), Held(feed.Delete("c", "{}")), feed.Put("d", "{}"), Held(feed.Put("b", "{}")), feed.Put("b", "{}"));
        Assert.Equal(new CollectionCounts(4, 1, 3), await Counts());
        await Reopen();
        Assert.Equal(new CollectionCounts(4, 1, 3), await Counts());
    }

    [Fact]
    public async Task A_refused_batch_leaves_conflicts_and_their_count_alone()
    {
        await Settle(CollectionSettings.Default);
        var feed = await TakeFeed();
        await feed.Commit(Held(feed.Put("a", "{}")), feed.Put("b", "{}"));
        await Store.Commit([feed.Batch(feed.Put("a", "{}"), Held(feed.Put("b", "{}")), feed.Put("c", "{}") with { ExpectedVersion = 3 })], default);

        Assert.Equal("a", await Conflicts());
        Assert.Equal(new CollectionCounts(2, 0, 1), await Counts());
    }

    [Fact]
    public async Task A_purge_takes_the_conflict_along()
    {
        await Settle(CollectionSettings.Default);
        var feed = await TakeFeed();
        await feed.Commit(Held(feed.Put("a", "{}")), Held(feed.Delete("b", "{}")));
        await feed.Commit(feed.Delete("a", purge: true), feed.Delete("b", purge: true));

        Assert.Null((await Read("a"))!.State!.View.Conflict);
        Assert.Equal(new CollectionCounts(0, 2, 0), await Counts());
        Assert.Equal("", await Conflicts());
        Assert.Equal("", await OpenedUntil(Now));
    }

    [Fact]
    public async Task Conflicts_of_an_unknown_collection_are_none()
    {
        Assert.Empty((await Page(conflicts: true)).Records);
        Assert.Equal("", await OpenedUntil(Now));
    }

    [Fact]
    public async Task A_list_of_conflicts_holds_the_records_that_have_one_tombstones_too()
    {
        var (feed, notes) = (await TakeFeed(), await TakeFeed("notes"));
        await notes.Commit(Held(notes.Put("x", "{}")));
        await feed.Commit(
            Held(feed.Put("d", "{}")), feed.Put("b", "{}"), Held(feed.Delete("a", "{}")), feed.Delete("e", "{}"), Held(feed.Put("c", "{}")));
        Assert.Equal("a c d", await Conflicts());
        Assert.Equal("d c a", await Conflicts(order: "-id"));

        await feed.Commit(feed.Put("c", "{}"), feed.Put("a", "{}"), Held(feed.Put("b", "{}")));
        Assert.Equal("b d", await Conflicts());
        Assert.Equal("a b c d", await Ids());
    }

    [Fact]
    public async Task A_tombstone_in_a_list_of_conflicts_is_filtered_and_ordered_by_what_it_held()
    {
        var feed = await TakeFeed();
        await feed.Commit(
            Held(feed.Put("a", """{"n":3}""")), Held(feed.Delete("b", """{"n":2}""")), Held(feed.Put("c", """{"n":1}""")),
            Held(feed.Delete("d")), feed.Put("e", """{"n":2}"""));

        Assert.Equal("d c b a", await Conflicts(order: "n"));
        Assert.Equal("a b c d", await Conflicts(order: "-n"));
        Assert.Equal("b", await Conflicts("""{"n":2}"""));
        Assert.Equal("b a", await Conflicts("""{"n":{"gte":2}}""", "n"));
        Assert.Equal("d", await Conflicts("""{"n":{"exists":false}}"""));
        Assert.Equal("c d", await Conflicts("""{"$id":{"gt":"b"}}"""));
        Assert.Null((await Page("""{"n":2}""", conflicts: true)).Records[0].Data);
    }

    [Fact]
    public async Task Conflicts_are_ordered_by_timestamp_and_version()
    {
        var feed = await TakeFeed();
        await feed.Commit(Held(feed.Delete("b", "{}")));
        Clock.Advance(TimeSpan.FromSeconds(1));
        await feed.Commit(feed.Put("a", "{}"), Held(feed.Put("a", "{}")), Held(feed.Put("c", "{}")));

        Assert.Equal("b a c", await Conflicts(order: "timestamp"));
        Assert.Equal("a b c", await Conflicts(order: "-version"));
    }

    [Theory]
    [InlineData("id")]
    [InlineData("-id")]
    [InlineData("v")]
    [InlineData("-v")]
    public async Task Pages_of_conflicts_follow_each_other_without_a_gap_or_a_repeat(string order)
    {
        var feed = await TakeFeed();
        var common = new string('x', 3_000);
        await feed.Commit(
        [
            .. Enumerable.Range(0, 23).Select(
                i =>
                {
                    var json = $$"""{"v":"{{common}}{{i % 4}}"}""";
                    return Held(i % 3 == 0 ? feed.Delete($"r{i:00}", json) : feed.Put($"r{i:00}", json));
                }),
            .. Enumerable.Range(0, 9).Select(i => feed.Put($"s{i}", "{}")),
        ]);
        var whole = (await Page(order: order, conflicts: true)).Records.Select(record => record.Id).ToList();

        Assert.Equal(23, whole.Count);
        for (var limit = 1; limit < 9; limit += 2)
            Assert.Equal(whole, (await AllPages(null, order, limit, conflicts: true)).Select(record => record.Id));
        Assert.Null((await Page(order: order, limit: 23, conflicts: true)).Next);
    }

    [Fact]
    public async Task Paging_goes_on_when_the_conflict_a_page_ended_with_is_settled()
    {
        var feed = await TakeFeed();
        await feed.Commit([.. Enumerable.Range(0, 5).Select(i => Held(feed.Put($"r{i}", "{}")))]);
        var first = await Page(limit: 2, conflicts: true);
        await feed.Commit(feed.Put("r1", "{}"), feed.Put("r3", "{}"));
        Assert.Equal(["r2", "r4"], (await Page(limit: 2, after: first.Next, conflicts: true)).Records.Select(record => record.Id));
    }

    [Fact]
    public async Task A_next_of_all_records_is_none_of_conflicts()
    {
        var feed = await TakeFeed();
        await feed.Commit(Held(feed.Put("a", "{}")), Held(feed.Put("b", "{}")));
        var (all, conflicts) = ((await Page(limit: 1)).Next, (await Page(limit: 1, conflicts: true)).Next);

        Assert.Equal("b", Assert.Single((await Page(after: conflicts, conflicts: true)).Records).Id);
        await Assert.ThrowsAsync<RefusedException>(() => Page(after: all, conflicts: true));
        await Assert.ThrowsAsync<RefusedException>(() => Page(after: conflicts));
    }

    [Fact]
    public async Task A_page_of_large_conflicts_ends_before_its_limit()
    {
        var feed = await TakeFeed();
        var candidate = new Candidate { Id = 1, Author = "bob", Timestamp = Now, Op = WriteOp.Patch, Values = [new("t", new byte[1_000_000])] };
        for (var i = 0; i < 12; i++)
            await feed.Commit(Held(feed.Delete($"r{i:00}"), Rich("c-1") with { Candidates = [candidate] }));

        Assert.InRange((await Page(conflicts: true)).Records.Count, 1, 11);
        Assert.Equal(12, (await AllPages(null, null, 1000, conflicts: true)).Count);
    }

    [Fact]
    public async Task A_list_of_conflicts_is_as_a_list_of_what_they_hold()
    {
        var (feed, mirror) = (await TakeFeed(), await TakeFeed("mirror"));
        var value = OneOf("null", "true", "0", "-1", "1", "1.0", "10", "\"\"", "\"a\"", "\"b\"", "[1]", "{}");
        var record = Gen.Select(Gen.Int[0, 20], value, value, Gen.Bool, Gen.Bool);
        var filter = Gen.OneOf(
            Gen.Const("{}"),
            value.Where(v => v[0] != '{').Select(v => $$"""{"v":{{v}}}"""),
            Gen.Select(value, number => $$$"""{"w":{"ne":{{{number}}}}}"""),
            Gen.Select(OneOf("gt", "gte", "lt", "lte"), OneOf("0", "1", "\"a\""), (step, n) => $$$"""{"v":{"{{{step}}}":{{{n}}}}}"""));

        await Gen.Select(record.Array[1, 12], filter, OneOf("", "-id", "v", "-v", "w", "-w"), Gen.Int[1, 7]).SampleAsync(
            async (records, where, by, limit) =>
            {
                foreach (var (number, v, w, deleted, held) in records)
                {
                    var (id, json) = ($"r{number}", $$"""{"v":{{v}},"w":{{w}}}""");
                    var commit = deleted ? feed.Delete(id, json) : feed.Put(id, json);
                    await feed.Commit(held ? Held(commit) : commit);
                    await mirror.Commit(held ? mirror.Put(id, json) : mirror.Delete(id, json));
                }
                Assert.Equal(
                    (await AllPages(where, by, limit, "mirror")).Select(each => each.Id),
                    (await AllPages(where, by, limit, conflicts: true)).Select(each => each.Id));
            },
            iter: 100,
            threads: 1);
    }

    [Fact]
    public async Task Conflicts_that_were_opened_until_an_instant_are_read_oldest_first()
    {
        var (feed, notes) = (await TakeFeed(), await TakeFeed("notes"));
        var start = Now;
        await notes.Commit(Held(notes.Put("x", "{}")));
        await feed.Commit(Held(feed.Put("c", "{}")), Held(feed.Put("b", "{}")), feed.Put("n", "{}"));
        Clock.Advance(TimeSpan.FromHours(1));
        await feed.Commit(Held(feed.Delete("a", "{}")));

        Assert.Equal("b c a", await OpenedUntil(Now));
        Assert.Equal("b c", await OpenedUntil(start));
        Assert.Equal("b", await OpenedUntil(Now, limit: 1));
        Assert.Equal("", await OpenedUntil(new(start.Ticks - 1)));
        Assert.Equal(new OpenConflict("a", "c-1", Now), (await Store.ReadConflicts("todos", Now, 10, default))[2]);
    }

    [Fact]
    public async Task A_conflict_waits_from_when_it_was_opened_until_it_is_settled()
    {
        var feed = await TakeFeed();
        var conflict = Rich("c-1") with { OpenedAt = Now };
        await feed.Commit(Held(feed.Put("a", "{}"), conflict));
        Clock.Advance(TimeSpan.FromHours(1));
        await feed.Commit(Held(feed.Put("a", "{}"), conflict with { Revision = 2, Claim = null }), Held(feed.Put("b", "{}")));
        Assert.Equal("a b", await OpenedUntil(Now));

        await feed.Commit(feed.Put("a", "{}"));
        Assert.Equal("b", await OpenedUntil(Now));
        await feed.Commit(Held(feed.Put("a", "{}")));
        await Reopen();
        Assert.Equal(
            [new OpenConflict("a", "c-4", Now), new OpenConflict("b", "c-1", Now)], await Store.ReadConflicts("todos", Now, 10, default));
    }
}
