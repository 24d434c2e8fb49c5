using System.Diagnostics;
using DbUp;
using Npgsql;

namespace OrleansSync.Silo.Cluster;

/// <summary>
/// The cluster's part of the database: its members and their subscriptions. Made and brought up to date at start, by one silo at a time
/// however many start at once.
/// </summary>
internal sealed class ClusterDatabase(SiloSettings settings)
{
    /// <summary>Nobody else's lock: the letters "sync".</summary>
    private const long Lock = 0x73796e63;

    /// <summary>Where the database is only being started too, it gets this long.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(250);

    /// <summary>Where the tables are, beside those of the records.</summary>
    private const string Schema = "orleanssync";
    /// <summary>One who may not make schemas may have been given this one.</summary>
    private const string MakeSchema = $"do $$ begin if to_regnamespace('{Schema}') is null then create schema {Schema}; end if; end $$";
    private const string Journal = "cluster_schema_versions";

    /// <summary>Text for connections that serve membership: few, and none may wait for long, since a member that does not hear is taken for dead.</summary>
    public static string Brisk(string connection)
    {
        var given = new NpgsqlConnectionStringBuilder(connection);
        return new NpgsqlConnectionStringBuilder(connection)
        {
            ApplicationName = given.ApplicationName ?? "orleanssync cluster",
            MaxPoolSize = 8,
            MinPoolSize = 0,
            Timeout = 5,
            CommandTimeout = 5,
            SearchPath = Schema,
        }.ConnectionString;
    }

    /// <summary>Creates or migrates the tables. Throws <see cref="NpgsqlException"/> when the database does not let it.</summary>
    public async Task Open(CancellationToken cancel)
    {
        await using var connection = await Reach(settings.Postgres!, cancel);
        // Closing the connection gives the lock back.
        foreach (var step in (string[])[$"select pg_advisory_lock({Lock})", MakeSchema])
        {
            await using var command = new NpgsqlCommand(step, connection) { CommandTimeout = 0 };
            await command.ExecuteNonQueryAsync(cancel);
        }
        Migrate(Brisk(settings.Postgres!));
    }

    /// <summary>An open connection, as soon as there is a server.</summary>
    public static async Task<NpgsqlConnection> Reach(string text, CancellationToken cancel)
    {
        var started = Stopwatch.GetTimestamp();
        while (true)
        {
            // Not of the pool: closing must end the session, whatever it holds.
            var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(text) { Pooling = false, Timeout = 5 }.ConnectionString);
            try
            {
                await connection.OpenAsync(cancel);
                return connection;
            }
            catch (NpgsqlException failure)
            {
                await connection.DisposeAsync();
                if (!failure.IsTransient || Stopwatch.GetElapsedTime(started) + Pause > Patience) throw;
                await Task.Delay(Pause, cancel);
            }
        }
    }

    private static void Migrate(string connection)
    {
        var result = DeployChanges.To.PostgresqlDatabase(connection)
            .WithScriptsEmbeddedInAssembly(typeof(ClusterDatabase).Assembly, name => name.Contains(".Cluster.Schema.", StringComparison.Ordinal))
            .WithVariablesDisabled()
            .WithTransactionPerScript()
            .JournalToPostgresqlTable(Schema, Journal)
            .LogToNowhere()
            .Build()
            .PerformUpgrade();
        if (!result.Successful) throw result.Error;
    }
}
