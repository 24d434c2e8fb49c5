using DbUp;
using DbUp.Engine;
using Npgsql;

namespace OrleansSync.Storage.Postgres;

/// <summary>Brings a database to the schema of this version: the scripts beside this file, in order, each once. One process at a time.</summary>
internal static class SchemaUpgrade
{
    /// <summary>Where all tables are: beside those of others in the same database.</summary>
    public const string Schema = "orleanssync";

    private const string Journal = "schema_versions";
    private const int OldestServer = 130000;

    // Whoever changes this schema holds it: any number that nobody else takes.
    private const long Turn = 0x4f53_796e_6331;

    public static void Run(PostgresStoreOptions options)
    {
        var settings = Connections.Settings(options);
        settings.Pooling = false;
        settings.CommandTimeout = Connections.Seconds(options.OpenTimeout);
        using var connection = new NpgsqlConnection(settings.ConnectionString);
        connection.Open();
        Check(connection);
        Execute(connection, $"select pg_advisory_lock({Turn})");
        if (!(bool)Execute(connection, $"select to_regnamespace('{Schema}') is not null")!)
            Execute(connection, $"create schema {Schema}");
        settings.SearchPath = Schema;
        Upgrade(settings.ConnectionString);
    }

    private static void Check(NpgsqlConnection connection)
    {
        if (Convert.ToInt32(Execute(connection, "show server_version_num"), null) < OldestServer)
            throw new StoreUnavailableException($"PostgreSQL {connection.PostgreSqlVersion} is too old: version 13 or later is needed.");
        if (Execute(connection, "show server_encoding") is not "UTF8" and var encoding)
            throw new StoreUnavailableException($"The database's encoding is {encoding}: create it with encoding 'UTF8'.");
    }

    private static void Upgrade(string connectionString)
    {
        var upgrade = DeployChanges.To.PostgresqlDatabase(connectionString)
            .WithScripts(Scripts())
            .JournalToPostgresqlTable(Schema, Journal)
            .WithVariablesDisabled()
            .WithTransactionPerScript()
            .LogToNowhere()
            .Build();
        if (upgrade.GetExecutedButNotDiscoveredScripts() is [var unknown, ..])
            throw new StoreUnavailableException(
                $"The database was written by a newer version (its schema has '{unknown}', which this one does not know): start that version.");
        if (upgrade.PerformUpgrade() is { Successful: false } failed)
            throw new StoreUnavailableException(
                $"The database's schema could not be brought up to date ('{failed.ErrorScript?.Name}'): {failed.Error.Message}", failed.Error);
    }

    private static IEnumerable<SqlScript> Scripts()
    {
        var assembly = typeof(SchemaUpgrade).Assembly;
        foreach (var name in assembly.GetManifestResourceNames().Where(name => name.EndsWith(".sql", StringComparison.Ordinal)).Order(StringComparer.Ordinal))
        {
            using var script = new StreamReader(assembly.GetManifestResourceStream(name)!);
            yield return new(name, script.ReadToEnd());
        }
    }

    private static object? Execute(NpgsqlConnection connection, string sql)
    {
        using var command = new NpgsqlCommand(sql, connection);
        return command.ExecuteScalar();
    }
}
