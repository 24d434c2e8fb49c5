using OrleansSync.Storage.Postgres;
using OrleansSync.Storage.Tests.Contract;

namespace OrleansSync.Storage.Tests.Postgres;

/// <summary>The contract on a real PostgreSQL server.</summary>
[Collection(PostgresServer.Name)]
public sealed class PostgresStorage(PostgresServer server) : StorageContract
{
    private string? _database;

    protected override ISyncStore Create(TimeProvider clock) =>
        new PostgresStore(new PostgresStoreOptions { ConnectionString = _database ??= server.EmptyDatabase(), ReadConnections = 2, ListConnections = 1 }, clock);

    public override async Task DisposeAsync()
    {
        await base.DisposeAsync();
        if (_database is not null)
            server.Return(_database);
    }
}
