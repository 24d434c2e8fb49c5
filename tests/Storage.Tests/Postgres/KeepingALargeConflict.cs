using Npgsql;
using OrleansSync.Protocol;
using OrleansSync.Storage.Postgres;
using OrleansSync.Storage.Tests.Contract;

namespace OrleansSync.Storage.Tests.Postgres;

/// <summary>How a database keeps a large conflict through the versions of its record.</summary>
[Collection(PostgresServer.Name)]
public sealed class KeepingALargeConflict(PostgresServer server) : IAsyncLifetime
{
    private const int CandidateBytes = 30_000;

    private readonly string _database = server.EmptyDatabase();
    private PostgresStore _store = null!;
    private Scribe _feed = null!;

    public async Task InitializeAsync()
    {
        _store = await Open();
        _feed = await Scribe.Of(_store, TimeProvider.System);
    }

    public async Task DisposeAsync()
    {
        await _store.DisposeAsync();
        server.Return(_database);
    }

    [Fact]
    public async Task Claims_and_edits_do_not_write_its_candidates_again()
    {
        var conflict = Held(Conflict.MostCandidates);
        await Commit("{}", conflict);
        var before = await Written();
        for (var i = 0; i < 10; i++)
        {
            await Commit("{}", conflict with { Claim = new("ada", "phone-1", _feed.Now) });
            await _feed.Commit(_feed.Reject("a"));
            await Commit($$"""{"text":"{{i}}"}""", conflict = conflict with { Revision = conflict.Revision + 1 });
        }

        // The first change of a page after a checkpoint writes it whole.
        Assert.InRange(await Written() - before, 1, 20 * CandidateBytes);
        Assert.Equal((11L, null, Conflict.MostCandidates), await Read(_store));
    }

    [Fact]
    public async Task Who_did_not_write_it_last_writes_all_of_it()
    {
        await Commit("{}", Held(2));
        await using var other = await Open();
        var there = await Scribe.Of(other, TimeProvider.System);
        there.Know("a", 1, 1);
        var commit = there.Put("a", "{}");
        await there.Commit(commit with { State = commit.State! with { View = commit.State.View with { Conflict = Held(3, "bob") } } });

        await _feed.Take();
        _feed.Know("a", 2, 2);
        await Commit("{}", Held(2) with { Revision = 7 });
        Assert.Equal((7L, null, 2), await Read(other));
        await Commit("{}", Held(2) with { Id = "c-9" });
        await _feed.Commit(_feed.Put("a", "{}"));
        await Commit("{}", Held(2, "eve") with { Id = "c-9" });
        Assert.Equal("eve", (await other.ReadRecord("todos", "a", default))!.State!.View.Conflict!.Candidates[0].Author);
    }

    private async Task<PostgresStore> Open()
    {
        var store = new PostgresStore(_database, TimeProvider.System);
        await store.Open(default);
        return store;
    }

    private Conflict Held(int candidates, string author = "tab") => new()
    {
        Id = "c-1",
        Revision = 1,
        OpenedAt = _feed.Now,
        Fields = [new("text", null, null)],
        Candidates = [.. Enumerable.Range(1, candidates).Select(i => new Candidate
        {
            Id = i,
            Author = author,
            Timestamp = _feed.Now,
            Op = WriteOp.Patch,
            Values = [new("text", Random.Shared.GetItems("0123456789"u8, CandidateBytes))],
        })],
    };

    private Task Commit(string json, Conflict conflict)
    {
        var commit = _feed.Put("a", json);
        return _feed.Commit(commit with { State = commit.State! with { View = commit.State.View with { Conflict = conflict } } });
    }

    private static async Task<(long Revision, Claim? Claim, int Candidates)> Read(PostgresStore store)
    {
        var open = (await store.ReadRecord("todos", "a", default))!.State!.View.Conflict!;
        return (open.Revision, open.Claim, open.Candidates.Count);
    }

    /// <summary>Bytes that the server has written for its commits.</summary>
    private async Task<long> Written()
    {
        await using var connection = new NpgsqlConnection(_database + ";Pooling=false");
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand("select (pg_current_wal_lsn() - '0/0')::bigint", connection);
        return (long)(await command.ExecuteScalarAsync())!;
    }
}
