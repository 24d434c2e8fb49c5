using OrleansSync.Protocol;
using OrleansSync.Storage.Tests.Contract;

namespace OrleansSync.Storage.Tests;

/// <summary>Many hand over commits while the store is busy, whatever store that is.</summary>
public abstract class PumpingCommits : IAsyncLifetime
{
    private ISyncStore _store = null!;
    private StoppedStore _door = null!;

    /// <summary>A store on an empty database, not opened yet.</summary>
    protected abstract ISyncStore Create();

    public async Task InitializeAsync()
    {
        _store = Create();
        _door = new(_store);
        await _store.Open(default);
    }

    public virtual async Task DisposeAsync() => await _store.DisposeAsync();

    [Fact]
    public async Task A_commit_is_durable_when_it_is_answered()
    {
        await using var pump = new CommitPump(_store);
        var feed = await TakeFeed();
        Assert.Equal(CommitOutcome.Committed, await Append(pump, feed, feed.Put("a", "{}")));
        Assert.NotNull(await _store.ReadRecord("todos", "a", default));
    }

    [Fact]
    public async Task What_waits_while_one_transaction_runs_makes_the_next()
    {
        await using var pump = new CommitPump(_door);
        var (todos, notes) = (await TakeFeed(), await TakeFeed("notes"));
        var first = Append(pump, todos, todos.Put("a", "{}"));
        await _door.Arrival();
        var rest = Enumerable.Range(0, 40)
            .Select(i => i % 2 == 0 ? Append(pump, todos, todos.Put("a", $"[{i}]")) : Append(pump, notes, notes.Put($"n{i}", "{}"))).ToList();
        _door.LetIn(2);

        Assert.All(await Task.WhenAll([first, .. rest]), outcome => Assert.Equal(CommitOutcome.Committed, outcome));
        Assert.Equal([1, 40], _door.Sizes);
        Assert.Equal(2, _door.Transactions[1].Count);
        Assert.Equal(21, (await _store.ReadRecord("todos", "a", default))!.State!.View.Version);
    }

    [Fact]
    public async Task A_transaction_takes_no_more_than_its_limits()
    {
        await using var pump = new CommitPump(_door, new() { TransactionCommits = 3, TransactionBytes = 10_000 });
        var feed = await TakeFeed();
        var answers = new List<Task<CommitOutcome>> { Append(pump, feed, feed.Put("a", "{}")) };
        await _door.Arrival();
        var large = $"[\"{new string('x', 9_000)}\"]";
        foreach (var json in new[] { "[1]", "[2]", "[3]", "[4]", large, large, "[5]" })
            answers.Add(Append(pump, feed, feed.Put("a", json)));
        _door.LetIn(10);

        Assert.All(await Task.WhenAll(answers), outcome => Assert.Equal(CommitOutcome.Committed, outcome));
        Assert.Equal([1, 3, 1, 1, 1, 1], _door.Sizes);
    }

    [Fact]
    public async Task What_waits_for_a_person_counts_towards_the_size_of_a_transaction()
    {
        await using var pump = new CommitPump(_door, new() { TransactionBytes = 10_000 });
        var feed = await TakeFeed();
        var answers = new List<Task<CommitOutcome>> { Append(pump, feed, feed.Put("a", "{}")) };
        await _door.Arrival();
        var (held, wanted, settled) = (feed.Put("a", "{}"), feed.Put("a", "{}"), feed.Put("a", "{}"));
        held = held with { State = held.State! with { View = held.State.View with { Conflict = Large } } };
        wanted = wanted with { Entry = wanted.Entry with { Wanted = [new("title", null, new byte[6_000])] } };
        settled = settled with { Entry = settled.Entry with { Settlement = new(Large, [], null) } };
        foreach (var commit in new[] { held, wanted, settled })
            answers.Add(Append(pump, feed, commit));
        _door.LetIn(10);

        Assert.All(await Task.WhenAll(answers), outcome => Assert.Equal(CommitOutcome.Committed, outcome));
        Assert.Equal([1, 1, 1, 1], _door.Sizes);
    }

    [Fact]
    public async Task Commits_of_a_feed_keep_their_order_under_load()
    {
        await using var pump = new CommitPump(_store);
        var feeds = await Task.WhenAll(Enumerable.Range(0, 4).Select(i => TakeFeed($"c{i}")));
        var all = feeds.SelectMany(feed => Enumerable.Range(0, 1_000).Select(i => Append(pump, feed, feed.Put($"r{i % 7}", $"[{i}]")))).ToList();

        Assert.All(await Task.WhenAll(all), outcome => Assert.Equal(CommitOutcome.Committed, outcome));
        for (var i = 0; i < feeds.Length; i++)
        {
            Assert.Equal(1_000, (await _store.ReadFeedPlace($"c{i}", 0, default))!.Head);
            Assert.Equal(
                Enumerable.Range(994, 7).Select(seq => (long)seq),
                (await _store.ReadFeed($"c{i}", 0, 0, 100, default)).Entries.Select(entry => entry.Seq));
        }
    }

    [Fact]
    public async Task After_a_refused_commit_nothing_of_that_epoch_is_committed()
    {
        await using var pump = new CommitPump(_door);
        var (todos, notes) = (await TakeFeed(), await TakeFeed("notes"));
        var refused = Append(pump, todos, todos.Put("a", "{}") with { ExpectedVersion = 9 });
        await _door.Arrival();
        // The second makes no version: its head would fit what the store holds.
        var later = new[] { Append(pump, todos, todos.Put("b", "{}")), Append(pump, todos, todos.Reject("c")), Append(pump, notes, notes.Put("x", "{}")) };
        var quiet = pump.Append("todos", 0, todos.Epoch, 0, 0, todos.Reject("d")).AsTask();
        _door.LetIn(5);

        Assert.Equal(CommitOutcome.Fenced, await refused);
        Assert.Equal([CommitOutcome.Fenced, CommitOutcome.Fenced, CommitOutcome.Committed], await Task.WhenAll(later));
        Assert.Equal(CommitOutcome.Fenced, await quiet);
        Assert.Null(await _store.ReadRecord("todos", "d", default));
    }

    [Fact]
    public async Task Taking_the_feed_again_mends_it()
    {
        await using var pump = new CommitPump(_store);
        var feed = await TakeFeed();
        Assert.Equal(CommitOutcome.Fenced, await Append(pump, feed, feed.Put("a", "{}") with { ExpectedVersion = 9 }));

        var again = await TakeFeed();
        Assert.Equal(CommitOutcome.Committed, await Append(pump, again, again.Put("a", "{}")));
        Assert.Equal(CommitOutcome.Fenced, await Append(pump, feed, feed.Put("b", "{}")));
        Assert.Equal(CommitOutcome.Committed, await Append(pump, again, again.Put("b", "{}")));
    }

    [Fact]
    public async Task A_gap_is_never_closed_over()
    {
        await using var pump = new CommitPump(_door);
        var feed = await TakeFeed();
        var first = Append(pump, feed, feed.Put("a", "{}"));
        await _door.Arrival();
        var second = Append(pump, feed, feed.Put("b", "{}"));
        feed.Batch(feed.Put("lost", "{}"));
        var third = Append(pump, feed, feed.Put("c", "{}"));
        _door.LetIn(5);

        Assert.Equal([CommitOutcome.Committed, CommitOutcome.Committed, CommitOutcome.Fenced], await Task.WhenAll(first, second, third));
    }

    [Fact]
    public async Task A_store_that_fails_is_unavailable_and_works_again_when_it_recovers()
    {
        await using var pump = new CommitPump(_door);
        var feed = await TakeFeed();
        _door.Broken = true;
        var failed = Append(pump, feed, feed.Put("a", "{}"));
        await _door.Arrival();
        var later = Append(pump, feed, feed.Put("b", "{}"));
        _door.LetIn();
        Assert.Equal(CommitOutcome.Unavailable, await failed);
        Assert.Equal(CommitOutcome.Fenced, await later);

        _door.Broken = false;
        _door.LetIn();
        var again = await TakeFeed();
        Assert.Equal(CommitOutcome.Committed, await Append(pump, again, again.Put("a", "{}")));
    }

    [Fact]
    public async Task Too_much_waiting_is_overloaded_at_once()
    {
        await using var pump = new CommitPump(_door, new() { WaitingCommits = 2 });
        var feed = await TakeFeed();
        var answers = new List<Task<CommitOutcome>> { Append(pump, feed, feed.Put("a", "{}")) };
        await _door.Arrival();
        answers.Add(Append(pump, feed, feed.Put("a", "[1]")));
        answers.Add(Append(pump, feed, feed.Put("a", "[2]")));

        var refused = pump.Append("todos", 0, feed.Epoch, 3, 4, feed.Put("a", "[3]"));
        Assert.True(refused.IsCompletedSuccessfully);
        Assert.Equal(CommitOutcome.Overloaded, await refused);
        _door.LetIn(5);
        Assert.All(await Task.WhenAll(answers), outcome => Assert.Equal(CommitOutcome.Committed, outcome));
    }

    [Fact]
    public async Task Disposing_commits_what_waits_and_takes_no_more()
    {
        var pump = new CommitPump(_door);
        var feed = await TakeFeed();
        var answers = new List<Task<CommitOutcome>> { Append(pump, feed, feed.Put("a", "{}")) };
        await _door.Arrival();
        answers.Add(Append(pump, feed, feed.Put("b", "{}")));
        var disposal = pump.DisposeAsync().AsTask();
        Assert.Equal(CommitOutcome.Overloaded, await Append(pump, feed, feed.Put("c", "{}")));
        _door.LetIn(5);
        await disposal;

        Assert.All(answers, answer => Assert.Equal(CommitOutcome.Committed, answer.Result));
        Assert.NotNull(await _store.ReadRecord("todos", "b", default));
    }

    private static Conflict Large => new()
    {
        Id = "c-1",
        Revision = 1,
        OpenedAt = new(1),
        Fields = [new("title", null, null)],
        Candidates = [new() { Id = 1, Author = "bob", Timestamp = new(1), Op = WriteOp.Patch, Values = [new("title", new byte[6_000])] }],
    };

    private Task<Scribe> TakeFeed(string collection = "todos") => Scribe.Of(_store, TimeProvider.System, collection);

    private static Task<CommitOutcome> Append(CommitPump pump, Scribe feed, RecordCommit commit)
    {
        var batch = feed.Batch(commit);
        return pump.Append(batch.Collection, batch.Partition, batch.Epoch, batch.ExpectedHead, batch.NewHead, commit).AsTask();
    }
}
