using System.Text;
using Microsoft.Extensions.Time.Testing;
using OrleansSync.Protocol;
using OrleansSync.Storage.Sqlite;
using OrleansSync.Storage.Tests.Contract;

namespace OrleansSync.Storage.Tests;

/// <summary>Goes on with a file that the first version of the schema left.</summary>
public sealed class OpeningAnOlderFile : IAsyncLifetime
{
    private readonly string _folder = Directory.CreateTempSubdirectory("orleanssync-").FullName;
    private readonly FakeTimeProvider _clock = new(new DateTimeOffset(2026, 11, 24, 5, 35, 12, TimeSpan.Zero));
    private SqliteStore _store = null!;

    public async Task InitializeAsync()
    {
        var options = new SqliteStoreOptions { Path = Path.Combine(_folder, "test.db") };
        using (var database = Database.OpenWriter(options))
            database.Execute(FirstSchema.File);
        _store = new(options, _clock);
        await _store.Open(default);
    }

    public async Task DisposeAsync()
    {
        await _store.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task What_it_holds_is_all_there()
    {
        Assert.Equal(new CollectionCounts(1, 1, 0), (await _store.ReadCollection("todos", default))!.Counts);
        var feed = (await _store.ReadFeed("todos", 0, 0, 10, default)).Entries;
        Assert.Equal([("a", 2L, false), ("b", 3L, true)], feed.Select(entry => (entry.Record.Id, entry.Seq, entry.Record.Deleted)));
        Assert.All(feed, entry => Assert.Null(entry.Record.Conflict));
        var tombstone = (await _store.ReadRecord("todos", "b", default))!.State!;
        Assert.Equal("""{"n":1}""", Encoding.UTF8.GetString(tombstone.Data!));
        Assert.Null((await _store.ReadRecord("todos", "c", default))!.State);
    }

    [Fact]
    public async Task Its_history_is_read_as_it_was_written()
    {
        var merged = Assert.Single(await _store.ReadHistory("todos", "a", long.MaxValue, 10, default));
        Assert.Equal((Outcome.Merged, "ada", "phone-1", "w-2"), (merged.Outcome, merged.Author, merged.Client, merged.Write));
        Assert.Equal(new FieldOutcome("n", Kept.Incoming, "timestamp", "later"), Assert.Single(merged.Fields));
        Assert.Equal("""{"n":2}""", Encoding.UTF8.GetString(Assert.Single(merged.Changes).To!));
        Assert.Empty(merged.Wanted);
        Assert.Null(merged.Conflict);
        Assert.Null(merged.Settlement);

        var rejected = Assert.Single(await _store.ReadHistory("todos", "c", long.MaxValue, 10, default));
        Assert.Equal(new FailingPath("n", "a number"), Assert.Single(rejected.Problem!.Paths!));
        var history = await _store.ReadHistory("todos", "b", long.MaxValue, 10, default);
        Assert.Equal([WriteOp.Delete, WriteOp.Put], history.Select(entry => entry.Op));
    }

    [Fact]
    public async Task Conflicts_open_and_close_in_it()
    {
        var feed = await GoOn();
        var (live, tombstone) = (feed.Put("a", """{"n":3}"""), feed.Delete("b", """{"n":1}"""));
        await feed.Commit(Held(live), Held(tombstone));
        Assert.Equal(new CollectionCounts(1, 1, 2), (await _store.ReadCollection("todos", default))!.Counts);
        Assert.Equal(["a", "b"], (await _store.ReadConflicts("todos", feed.Now, 10, default)).Select(open => open.Record));

        await feed.Commit(feed.Put("a", "{}"));
        Assert.Equal(new CollectionCounts(1, 1, 1), (await _store.ReadCollection("todos", default))!.Counts);
        var query = new RecordQuery { Collection = "todos", Order = RecordOrder.Parse(null), Limit = 10, ConflictsOnly = true };
        Assert.Equal("b", Assert.Single((await _store.ReadRecords(query, default)).Records).Id);
    }

    [Fact]
    public async Task Its_old_tombstones_are_forgotten()
    {
        _clock.Advance(TimeSpan.FromDays(4));
        Assert.False(await _store.Sweep("todos", Timestamp.Now(_clock), default));
        Assert.Equal("a", Assert.Single((await _store.ReadFeed("todos", 0, 0, 10, default)).Entries).Record.Id);
    }

    [Fact]
    public async Task It_is_opened_again_as_any_other()
    {
        var feed = await GoOn();
        await feed.Commit(feed.Put("a", "{}"));
        await using var again = new SqliteStore(Path.Combine(_folder, "test.db"), _clock);
        await again.Open(default);
        Assert.Equal(2, (await again.ReadRecord("todos", "a", default))!.State!.View.Version);
    }

    [Fact]
    public async Task Entries_without_a_conflict_have_not_grown()
    {
        var entry = Assert.Single(await _store.ReadHistory("todos", "c", long.MaxValue, 10, default));
        var column = new ColumnWriter();
        EntryColumn.Write(column, entry);
        Assert.Equal(69, column.Written.Length);
    }

    private async Task<Scribe> GoOn()
    {
        var feed = await Scribe.Of(_store, _clock);
        feed.Know("a", 1, 1);
        feed.Know("b", 2, 2);
        return feed;
    }

    private RecordCommit Held(RecordCommit commit)
    {
        var now = Timestamp.Now(_clock);
        var candidate = new Candidate { Id = 1, Author = "bob", Timestamp = now, Op = WriteOp.Put, Values = [new("n", "7"u8.ToArray())] };
        var conflict = new Conflict { Id = "c-9", Revision = 1, OpenedAt = now, Fields = [new("n", null, null)], Candidates = [candidate] };
        return commit with { State = commit.State! with { View = commit.State.View with { Conflict = conflict } } };
    }
}
