using OrleansSync.Storage.Postgres;

namespace OrleansSync.Storage.Tests.Postgres;

[Collection(PostgresServer.Name)]
public sealed class PumpingIntoPostgres(PostgresServer server) : PumpingCommits
{
    private readonly string _database = server.EmptyDatabase();

    protected override ISyncStore Create() => new PostgresStore(_database, TimeProvider.System);

    public override async Task DisposeAsync()
    {
        await base.DisposeAsync();
        server.Return(_database);
    }
}
