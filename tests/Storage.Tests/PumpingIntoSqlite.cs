using OrleansSync.Storage.Sqlite;

namespace OrleansSync.Storage.Tests;

public sealed class PumpingIntoSqlite : PumpingCommits
{
    private readonly string _folder = Directory.CreateTempSubdirectory("orleanssync-").FullName;

    protected override ISyncStore Create() => new SqliteStore(Path.Combine(_folder, "test.db"), TimeProvider.System);

    public override async Task DisposeAsync()
    {
        await base.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }
}
