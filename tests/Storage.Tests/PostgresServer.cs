using System.Collections.Concurrent;
using Npgsql;
using OrleansSync.Postgres;
using OrleansSync.Storage.Postgres;

namespace OrleansSync.Storage.Tests;

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
        using var command = new NpgsqlCommand(
            $"set search_path = {SchemaUpgrade.Schema}; truncate collections, feeds, records, history, indexes, field_index restart identity", connection);
        command.ExecuteNonQuery();
        return database;
    }

    public void Return(string database) => _spare.Add(database);
}
