using OrleansSync.Storage.Sqlite;
using OrleansSync.Storage.Tests.Contract;

namespace OrleansSync.Storage.Tests;

/// <summary>Files that can and cannot be a store's.</summary>
public sealed class OpeningAFile : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("orleanssync-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task A_folder_is_no_database_file() => await Fails(_folder);

    [Fact]
    public async Task A_file_of_something_else_is_not_touched()
    {
        var path = Path.Combine(_folder, "notes.txt");
        var text = new string('x', 5_000);
        await File.WriteAllTextAsync(path, text);
        await Fails(path);
        Assert.Equal(text, await File.ReadAllTextAsync(path));
    }

    [Fact]
    public async Task A_file_of_a_newer_version_is_not_touched()
    {
        var path = Path.Combine(_folder, "test.db");
        var options = new SqliteStoreOptions { Path = path };
        using (var database = Database.OpenWriter(options))
            database.Execute("pragma user_version = 99");
        Assert.Contains("newer version", await Fails(path));
    }

    [Fact]
    public async Task A_store_that_was_not_opened_is_unavailable()
    {
        await using var store = new SqliteStore(Path.Combine(_folder, "test.db"), TimeProvider.System);
        await Assert.ThrowsAsync<StoreUnavailableException>(() => store.ReadRecord("todos", "a", default));
    }

    [Fact]
    public async Task A_file_locked_by_another_process_is_unavailable_and_works_when_it_is_free()
    {
        var options = new SqliteStoreOptions { Path = Path.Combine(_folder, "test.db"), BusyTimeout = TimeSpan.Zero };
        await using var store = new SqliteStore(options, TimeProvider.System);
        await store.Open(default);
        var feed = await store.TakeFeed("todos", 0, "test", default);
        using var other = Database.OpenWriter(options);
        other.BeginWrite();
        await Assert.ThrowsAsync<StoreUnavailableException>(() => store.TakeFeed("todos", 0, "test", default));
        await Assert.ThrowsAsync<StoreUnavailableException>(
            () => store.Commit([new("todos", 0, feed.Epoch, 0, 0, [new Scribe(store, TimeProvider.System).Reject("a")])], default));
        Assert.Null(await store.ReadRecord("todos", "a", default));

        other.Rollback();
        Assert.Equal(2, (await store.TakeFeed("todos", 0, "test", default)).Epoch);
    }

    private static async Task<string> Fails(string path)
    {
        await using var store = new SqliteStore(path, TimeProvider.System);
        return (await Assert.ThrowsAsync<StoreUnavailableException>(() => store.Open(default))).Message;
    }
}
