using Microsoft.Extensions.Time.Testing;
using OrleansSync.Protocol;
using OrleansSync.Storage.Sqlite;
using OrleansSync.Storage.Tests.Contract;

namespace OrleansSync.Storage.Tests;

/// <summary>How a file keeps a large conflict through the versions of its record.</summary>
public sealed class KeepingAConflict : IAsyncLifetime
{
    private const int CandidateBytes = 30_000;

    private readonly string _folder = Directory.CreateTempSubdirectory("orleanssync-").FullName;
    private readonly FakeTimeProvider _clock = new(new DateTimeOffset(2026, 11, 24, 5, 35, 12, TimeSpan.Zero));
    private SqliteStore _store = null!;
    private Scribe _feed = null!;

    public Task InitializeAsync() => Open();

    public async Task DisposeAsync()
    {
        await _store.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task Claims_and_edits_do_not_write_its_candidates_again()
    {
        var conflict = Held(Conflict.MostCandidates);
        await Commit("{}", conflict);
        var before = WalBytes;
        for (var i = 0; i < 10; i++)
        {
            await Commit("{}", conflict with { Claim = new("ada", "phone-1", Timestamp.Now(_clock)) });
            await Commit($$"""{"text":"{{i}}"}""", conflict = conflict with { Revision = conflict.Revision + 1 });
        }
        Assert.InRange(WalBytes - before, 1, 20 * CandidateBytes);
    }

    [Fact]
    public async Task Who_claimed_it_and_how_far_it_has_come_is_read_back_with_all_candidates()
    {
        await Commit("{}", Held(2));
        var claim = new Claim("ada", "phone-1", Timestamp.Now(_clock));
        await Commit("{}", Held(2) with { Claim = claim });
        await Reopen();
        Assert.Equal((1L, claim, 2), await Read());

        await Commit("{}", Held(2) with { Revision = 5 });
        Assert.Equal((5L, null, 2), await Read());
        await Commit("{}", Held(3) with { Revision = 6 });
        Assert.Equal((6L, null, 3), await Read());
    }

    [Fact]
    public async Task The_next_conflict_of_the_record_has_its_own_candidates()
    {
        await Commit("{}", Held(2));
        await _feed.Commit(_feed.Put("a", "{}"));
        await Commit("{}", Held(2, "bob") with { Id = "c-3" });
        var open = (await _store.ReadRecord("todos", "a", default))!.State!.View.Conflict!;
        Assert.Equal(("c-3", "bob"), (open.Id, open.Candidates[1].Author));
    }

    [Fact]
    public async Task A_file_that_kept_it_in_the_row_of_its_record_goes_on()
    {
        await Commit("{}", Held(2) with { Revision = 4, Claim = new("ada", null, Timestamp.Now(_clock)) });
        // As the version of the schema before this one left it.
        await Reopen("""
            update records set conflict = (select whole from conflicts where record = key);
            drop table conflicts;
            alter table feeds drop column owner;
            pragma user_version = 2;
            """);

        Assert.Equal((4L, new Claim("ada", null, Timestamp.Now(_clock)), 2), await Read());
        Assert.Equal("c-1", Assert.Single(await _store.ReadConflicts("todos", Timestamp.Now(_clock), 10, default)).Conflict);
        await Commit("{}", Held(2) with { Revision = 4 });
        Assert.Equal((4L, null, 2), await Read());
    }

    private SqliteStoreOptions Options => new() { Path = Path.Combine(_folder, "test.db"), CheckpointPages = int.MaxValue };

    private long WalBytes => new FileInfo(Options.Path + "-wal").Length;

    private async Task Open()
    {
        _store = new(Options, _clock);
        await _store.Open(default);
        _feed = await Scribe.Of(_store, _clock);
    }

    private async Task Reopen(string between = "")
    {
        await _store.DisposeAsync();
        using (var database = Database.OpenWriter(Options))
            database.Execute(between);
        var (version, number) = _feed.Where("a");
        await Open();
        _feed.Know("a", version, number);
    }

    private Conflict Held(int candidates, string author = "tab") => new()
    {
        Id = "c-1",
        Revision = 1,
        OpenedAt = Timestamp.Now(_clock),
        Fields = [new("text", null, null)],
        Candidates = [.. Enumerable.Range(1, candidates).Select(i => new Candidate
        {
            Id = i,
            Author = author,
            Timestamp = Timestamp.Now(_clock),
            Op = WriteOp.Patch,
            Values = [new("text", new byte[CandidateBytes])],
        })],
    };

    private Task Commit(string json, Conflict conflict)
    {
        var commit = _feed.Put("a", json);
        return _feed.Commit(commit with { State = commit.State! with { View = commit.State.View with { Conflict = conflict } } });
    }

    private async Task<(long Revision, Claim? Claim, int Candidates)> Read()
    {
        var open = (await _store.ReadRecord("todos", "a", default))!.State!.View.Conflict!;
        return (open.Revision, open.Claim, open.Candidates.Count);
    }
}
