using System.Collections.Concurrent;
using Npgsql;
using OrleansSync.Postgres;
using OrleansSync.Storage.Postgres;

namespace OrleansSync.Storage.Tests.Postgres;

/// <summary>One server for all tests that need no server of their own, and databases that are emptied between two tests.</summary>
[CollectionDefinition(Name)]
public sealed class PostgresServer : IAsyncLifetime, ICollectionFixture<PostgresServer>
{
    public const string Name = "PostgreSQL";

    private readonly ConcurrentBag<string> _spare = [];

    public TemporaryPostgres Server { get; private set; } = null!;

    public async Task InitializeAsync() => Server = await TemporaryPostgres.Start();

    public async Task DisposeAsync() => await Server.DisposeAsync();

    /// <summary>How to connect to a database in which no store has left anything but its schema.</summary>
    public string EmptyDatabase()
    {
        if (!_spare.TryTake(out var database))
            return Server.CreateDatabase().GetAwaiter().GetResult();
        using var connection = new NpgsqlConnection(database + ";Pooling=false");
        connection.Open();
        // Faster than truncating, which makes new files.
        var tables = new[] { "collections", "feeds", "records", "history", "indexes", "field_index" };
        using var command = new NpgsqlCommand(string.Join(';', tables.Select(table => $"delete from {SchemaUpgrade.Schema}.{table}")), connection);
        command.ExecuteNonQuery();
        return database;
    }

    public void Return(string database) => _spare.Add(database);
}
