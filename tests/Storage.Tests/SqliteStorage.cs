using OrleansSync.Storage.Sqlite;
using OrleansSync.Storage.Tests.Contract;

namespace OrleansSync.Storage.Tests;

/// <summary>The contract on a real SQLite file.</summary>
public sealed class SqliteStorage : StorageContract
{
    private readonly string _folder = Directory.CreateTempSubdirectory("orleanssync-").FullName;

    protected override ISyncStore Create(TimeProvider clock) =>
        new SqliteStore(new SqliteStoreOptions { Path = Path.Combine(_folder, "data", "test.db"), ReadThreads = 2, ListThreads = 1 }, clock);

    public override async Task DisposeAsync()
    {
        await base.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }
}
