using System.Data;
using System.Globalization;
using Npgsql;

namespace OrleansSync.Storage.Postgres;

/// <summary>All connections of this process, lent for one piece of work each. The only place that opens them and reads their failures.</summary>
internal sealed class Connections : IAsyncDisposable
{
    private readonly NpgsqlDataSource _source;
    private readonly Lane _reads;
    private readonly Lane _lists;
    private readonly Lane _writes;

    public Connections(PostgresStoreOptions options)
    {
        var builder = new NpgsqlDataSourceBuilder(Settings(options).ConnectionString);
        var session = SessionSettings(options);
        builder.UsePhysicalConnectionInitializer(
            connection => Initialize(connection, session), connection => InitializeAsync(connection, session));
        _source = builder.Build();
        _reads = new(options.ReadConnections, options.WaitingReads, options.CommandTimeout);
        _lists = new(options.ListConnections, options.WaitingReads, options.CommandTimeout);
        _writes = new(options.WriteConnections, options.WaitingReads, options.CommandTimeout);
    }

    /// <summary>The settings of a connection string with what the store insists on.</summary>
    public static NpgsqlConnectionStringBuilder Settings(PostgresStoreOptions options)
    {
        var settings = new NpgsqlConnectionStringBuilder(options.ConnectionString)
        {
            Pooling = true,
            MinPoolSize = 0,
            MaxPoolSize = options.ReadConnections + options.ListConnections + options.WriteConnections + 1,
            Timeout = Seconds(options.ConnectTimeout),
            CommandTimeout = Seconds(options.CommandTimeout),
            CancellationTimeout = 1_000,
            // The store changes nothing in a session that the next user would have to be spared.
            NoResetOnClose = true,
            MaxAutoPrepare = 0,
            Enlist = false,
            TcpKeepAlive = true,
        };
        settings.ApplicationName ??= "OrleansSync";
        return settings;
    }

    public static int Seconds(TimeSpan time) => Math.Max(1, (int)Math.Ceiling(time.TotalSeconds));

    public Task<T> Read<T>(Func<Session, Task<T>> read, CancellationToken cancel) => Run(_reads, read, again: true, cancel);

    /// <summary>Runs <paramref name="read"/> in a transaction in which everything is of one moment.</summary>
    public Task<T> List<T>(Func<Session, Task<T>> read, CancellationToken cancel) => Run(
        _lists,
        async session =>
        {
            await using var moment = await session.Connection.BeginTransactionAsync(IsolationLevel.RepeatableRead, session.Cancel);
            return await read(session);
        },
        again: true,
        cancel);

    /// <summary>Runs <paramref name="write"/> in one transaction. Whether it happened is not known when its commit fails.</summary>
    public Task<T> Write<T>(Func<Session, Task<T>> write, CancellationToken cancel) => Run(
        _writes,
        async session =>
        {
            await using var transaction = await session.Connection.BeginTransactionAsync(session.Cancel);
            var answer = await write(session);
            await transaction.CommitAsync(session.Cancel);
            return answer;
        },
        again: false,
        cancel);

    /// <summary>A connection for one commit at a time, on the caller's thread.</summary>
    public T Commit<T>(Func<NpgsqlConnection, T> commit, CancellationToken cancel)
    {
        try
        {
            using var connection = _source.OpenConnection();
            return commit(connection);
        }
        catch (Exception failure) when (Failure.IsOfDatabase(failure, cancel))
        {
            LeaveStale(failure);
            throw Failure.Of(failure);
        }
    }

    public ValueTask DisposeAsync() => _source.DisposeAsync();

    private async Task<T> Run<T>(Lane lane, Func<Session, Task<T>> work, bool again, CancellationToken cancel)
    {
        using var place = await lane.Enter(cancel);
        while (true)
        {
            try
            {
                return await Run(work, cancel);
            }
            catch (Exception failure) when (again && Failure.IsStaleConnection(failure))
            {
                LeaveStale(failure);
                again = false;
            }
            catch (Exception failure) when (Failure.IsOfDatabase(failure, cancel))
            {
                LeaveStale(failure);
                throw Failure.Of(failure);
            }
        }
    }

    private async Task<T> Run<T>(Func<Session, Task<T>> work, CancellationToken cancel)
    {
        await using var connection = await _source.OpenConnectionAsync(cancel);
        return await work(new(connection, cancel));
    }

    /// <summary>When one connection is gone, the idle ones are too, as a rule: none of them is to be the next one's failure.</summary>
    private void LeaveStale(Exception failure)
    {
        if (Failure.IsStaleConnection(failure))
            _source.Clear();
    }

    // Plans are made once and lead with an index, whatever the planner thinks of tables that it has no statistics of yet. A transaction whose
    // process is gone lets go of its feeds. What was answered is on disk, also where the server's default is otherwise.
    private static string SessionSettings(PostgresStoreOptions options)
    {
        var milliseconds = (Seconds(options.CommandTimeout) * 1_000) + 1_000;
        return string.Create(
            CultureInfo.InvariantCulture,
            $"""
             select set_config('search_path', '{SchemaUpgrade.Schema}', false),
                 set_config('default_transaction_isolation', 'read committed', false),
                 set_config('plan_cache_mode', 'force_generic_plan', false),
                 set_config('enable_seqscan', 'off', false),
                 set_config('enable_bitmapscan', 'off', false),
                 set_config('cursor_tuple_fraction', '0.001', false),
                 set_config('jit', 'off', false),
                 set_config('statement_timeout', '{milliseconds}', false),
                 set_config('idle_in_transaction_session_timeout', '{milliseconds}', false),
                 set_config('synchronous_commit', case current_setting('synchronous_commit') when 'off' then 'on' else current_setting('synchronous_commit') end, false)
             """);
    }

    private static void Initialize(NpgsqlConnection connection, string settings)
    {
        using var command = new NpgsqlCommand(settings, connection);
        command.ExecuteNonQuery();
    }

    private static async Task InitializeAsync(NpgsqlConnection connection, string settings)
    {
        await using var command = new NpgsqlCommand(settings, connection);
        await command.ExecuteNonQueryAsync();
    }
}
