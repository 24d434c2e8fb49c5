using Npgsql;
using OrleansSync.Postgres;
using OrleansSync.Storage.Postgres;
using OrleansSync.Storage.Tests.Contract;

namespace OrleansSync.Storage.Tests.Postgres;

/// <summary>The database dies, hangs, or takes too long, and comes back.</summary>
public sealed class LosingTheDatabase(LosingTheDatabase.Fixture fixture) : IClassFixture<LosingTheDatabase.Fixture>, IAsyncLifetime
{
    private static readonly TimeSpan InTime = TimeSpan.FromSeconds(60);

    private readonly TemporaryPostgres _server = fixture.Server;
    private string _database = null!;
    private PostgresStore _store = null!;

    public async Task InitializeAsync()
    {
        _database = await _server.CreateDatabase();
        _store = new(
            new PostgresStoreOptions
            {
                ConnectionString = _database,
                CommandTimeout = TimeSpan.FromSeconds(2),
                ConnectTimeout = TimeSpan.FromSeconds(5),
            },
            TimeProvider.System);
        await _store.Open(default);
    }

    public async Task DisposeAsync() => await _store.DisposeAsync();

    [Fact]
    public async Task What_was_answered_survives_its_death_and_the_store_works_again_by_itself()
    {
        await using var pump = new CommitPump(_store);
        var (feed, answered, written) = (await Scribe.Of(_store, TimeProvider.System), new List<Task<CommitOutcome>>(), new TaskCompletionSource());
        var writing = Task.Run(async () =>
        {
            while (answered.All(answer => !answer.IsCompleted || answer.Result == CommitOutcome.Committed))
            {
                var batch = feed.Batch(feed.Put($"r{answered.Count}", "{}", "w"));
                answered.Add(pump.Append("todos", 0, batch.Epoch, batch.ExpectedHead, batch.NewHead, batch.Commits[0]).AsTask());
                if (answered.Count % 20 == 0)
                    await answered[^20];
                if (answered.Count == 400)
                    written.SetResult();
            }
        });
        await written.Task;
        await _server.Kill();
        await writing;
        var outcomes = await Task.WhenAll(answered);
        await _server.StartAgain();

        await Again(() => feed.Take());
        await feed.Commit(feed.Put("after", "{}"));
        var committed = outcomes.Count(outcome => outcome == CommitOutcome.Committed);
        Assert.InRange(committed, 380, outcomes.Length - 1);
        for (var i = 0; i < committed; i++)
            Assert.Equal(1, (await _store.ReadRecord("todos", $"r{i}", default))!.LastNumber);
        Assert.Contains(CommitOutcome.Unavailable, outcomes);
        Assert.DoesNotContain(CommitOutcome.Overloaded, outcomes);
    }

    [Fact]
    public async Task Reads_do_not_notice_a_restart_while_nothing_was_asked()
    {
        var feed = await Scribe.Of(_store, TimeProvider.System);
        await feed.Commit(feed.Put("a", "{}"));
        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => _store.ReadRecord("todos", "a", default)));
        await _server.Stop();
        await _server.StartAgain();

        Assert.NotNull(await _store.ReadRecord("todos", "a", default));
        Assert.Single((await _store.ReadFeed("todos", 0, 0, 10, default)).Entries);
        await feed.Take();
        await feed.Commit(feed.Put("a", "{}"));
    }

    [Fact]
    public async Task A_database_that_is_away_is_unavailable_at_once()
    {
        var feed = await Scribe.Of(_store, TimeProvider.System);
        await _server.Stop();

        await Unavailable(() => _store.ReadRecord("todos", "a", default));
        await Unavailable(() => feed.Take());
        await Unavailable(() => _store.Commit([feed.Batch(feed.Put("a", "{}"))], default));
        await Unavailable(() => _store.Sweep("todos", feed.Now, default));
        await Unavailable(() => _store.RebuildIndexes("todos", ["n"], default));
        await _server.StartAgain();
    }

    [Fact]
    public async Task A_database_that_hangs_is_unavailable_after_a_while()
    {
        var feed = await Scribe.Of(_store, TimeProvider.System);
        await _store.ReadRecord("todos", "a", default);
        await _server.Freeze();

        await Task.WhenAll(
            Unavailable(() => _store.ReadRecord("todos", "a", default)),
            Unavailable(() => feed.Take()),
            Unavailable(() => Task.Run(() => _store.Commit([feed.Batch(feed.Put("a", "{}"))], default)))).WaitAsync(InTime);

        await _server.Thaw();
        await Again(() => feed.Take());
        await feed.Commit(feed.Put("b", "{}"));
    }

    [Fact]
    public async Task A_connection_that_breaks_in_the_middle_of_a_commit_is_unavailable_and_nothing_is_half_stored()
    {
        var feed = await Scribe.Of(_store, TimeProvider.System);
        await using var other = await HoldFeeds();
        var commit = Task.Run(() => _store.Commit([feed.Batch(feed.Put("a", "{}"))], default));
        await CommitWaits(other);
        await Execute(other, "select pg_terminate_backend(pid) from pg_stat_activity where wait_event_type = 'Lock'");

        await Assert.ThrowsAsync<StoreUnavailableException>(() => commit.WaitAsync(InTime));
        await other.CloseAsync();
        Assert.Null(await _store.ReadRecord("todos", "a", default));
        await feed.Take();
        await feed.Commit(feed.Put("b", "{}"));
    }

    [Fact]
    public async Task A_commit_that_takes_too_long_is_unavailable()
    {
        var feed = await Scribe.Of(_store, TimeProvider.System);
        await using var other = await HoldFeeds();
        await Unavailable(() => Task.Run(() => _store.Commit([feed.Batch(feed.Put("a", "{}"))], default))).WaitAsync(InTime);
        await other.CloseAsync();

        await feed.Take();
        await feed.Commit(feed.Put("b", "{}"));
    }

    [Fact]
    public async Task A_commit_that_nobody_waits_for_any_more_ends()
    {
        var feed = await Scribe.Of(_store, TimeProvider.System);
        await using var other = await HoldFeeds();
        using var cancel = new CancellationTokenSource();
        var commit = Task.Run(() => _store.Commit([feed.Batch(feed.Put("a", "{}"))], cancel.Token));
        await CommitWaits(other);
        await cancel.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => commit.WaitAsync(InTime));
    }

    private async Task<NpgsqlConnection> HoldFeeds()
    {
        var connection = new NpgsqlConnection(_database + ";Pooling=false");
        await connection.OpenAsync();
        await Execute(connection, "begin; select from orleanssync.feeds for update");
        return connection;
    }

    private static async Task CommitWaits(NpgsqlConnection connection)
    {
        // The connection's transaction would go on seeing what it saw first.
        while (await Execute(connection, "select pg_stat_clear_snapshot(); select count(*) from pg_stat_activity where wait_event_type = 'Lock'") is 0L)
            await Task.Yield();
    }

    private static async Task<object?> Execute(NpgsqlConnection connection, string sql)
    {
        object? last = null;
        await using var command = new NpgsqlCommand(sql, connection);
        await using var reader = await command.ExecuteReaderAsync();
        do
        {
            if (await reader.ReadAsync() && reader.FieldCount > 0)
                last = reader.GetValue(0);
        }
        while (await reader.NextResultAsync());
        return last;
    }

    private static Task Unavailable(Func<Task> call) => Assert.ThrowsAsync<StoreUnavailableException>(call);

    /// <summary>The first calls after a failure may meet connections that are gone.</summary>
    private static async Task Again(Func<Task> call)
    {
        for (var tries = 0; tries < 10; tries++)
        {
            try
            {
                await call();
                return;
            }
            catch (StoreUnavailableException)
            {
                // Once more.
            }
        }
        await call();
    }

    /// <summary>A server that may be killed: each test leaves it running.</summary>
    public sealed class Fixture : IAsyncLifetime
    {
        public TemporaryPostgres Server { get; private set; } = null!;

        public async Task InitializeAsync() => Server = await TemporaryPostgres.Start();

        public async Task DisposeAsync() => await Server.DisposeAsync();
    }
}
