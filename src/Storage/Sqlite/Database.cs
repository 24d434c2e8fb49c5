using SQLitePCL;

namespace OrleansSync.Storage.Sqlite;

/// <summary>One connection to the file, for one thread at a time. The only place that opens SQLite and reads its errors.</summary>
internal sealed class Database : IDisposable
{
    private const int MappedBytes = 256 << 20;
    private const int LargestWalBytes = 64 << 20;

    private readonly List<Statement> _statements = [];
    private readonly Statement _begin;
    private readonly Statement _beginWrite;
    private readonly Statement _commit;
    private readonly Statement _rollback;

    static Database() => Batteries_V2.Init();

    private Database(sqlite3 handle)
    {
        Handle = handle;
        _begin = Prepare("begin");
        _beginWrite = Prepare("begin immediate");
        _commit = Prepare("commit");
        _rollback = Prepare("rollback");
    }

    internal sqlite3 Handle { get; }

    public static Database OpenWriter(SqliteStoreOptions options)
    {
        var database = Open(options, raw.SQLITE_OPEN_READWRITE | raw.SQLITE_OPEN_CREATE, options.WriterCacheKiB);
        database.Execute("pragma journal_mode = wal");
        // Every commit is fsynced: an answered write survives power loss (promise 2).
        database.Execute("pragma synchronous = full");
        database.Execute($"pragma wal_autocheckpoint = {options.CheckpointPages}");
        database.Execute($"pragma journal_size_limit = {LargestWalBytes}");
        // What a purge frees is overwritten where that costs no extra page.
        database.Execute("pragma secure_delete = fast");
        return database;
    }

    public static Database OpenReader(SqliteStoreOptions options)
    {
        var database = Open(options, raw.SQLITE_OPEN_READWRITE, options.ReaderCacheKiB);
        database.Execute("pragma query_only = on");
        return database;
    }

    private static Database Open(SqliteStoreOptions options, int flags, int cacheKiB)
    {
        var code = raw.sqlite3_open_v2(options.Path, out var handle, flags | raw.SQLITE_OPEN_NOMUTEX, null);
        if (code != raw.SQLITE_OK)
        {
            handle?.Dispose();
            throw new StoreUnavailableException(
                $"Cannot open the database file '{options.Path}': {raw.sqlite3_errstr(code).utf8_to_string()}.");
        }
        raw.sqlite3_busy_timeout(handle, (int)options.BusyTimeout.TotalMilliseconds);
        var database = new Database(handle);
        database.Execute($"pragma cache_size = -{cacheKiB}");
        database.Execute($"pragma mmap_size = {MappedBytes}");
        return database;
    }

    /// <summary>A statement that lives as long as the connection.</summary>
    public Statement Prepare(string sql)
    {
        Check(raw.sqlite3_prepare_v3(Handle, sql, raw.SQLITE_PREPARE_PERSISTENT, out var prepared));
        var statement = new Statement(this, prepared);
        _statements.Add(statement);
        return statement;
    }

    /// <summary>A statement for one use; the caller disposes it.</summary>
    public Statement PrepareOnce(string sql)
    {
        Check(raw.sqlite3_prepare_v2(Handle, sql, out var prepared));
        return new Statement(this, prepared);
    }

    public void Execute(string sql) => Check(raw.sqlite3_exec(Handle, sql));

    /// <summary>Rows changed by the last insert, update or delete.</summary>
    public int Changes => raw.sqlite3_changes(Handle);

    /// <summary>The key given to the row inserted last.</summary>
    public long LastKey => raw.sqlite3_last_insert_rowid(Handle);

    /// <summary>Everything read until <see cref="End"/> is of one moment.</summary>
    public void Begin() => _begin.Run();

    /// <summary>Takes the write lock of the file at once, so that nothing read after it can be outdated.</summary>
    public void BeginWrite() => _beginWrite.Run();

    public void Commit() => _commit.Run();

    public void End()
    {
        if (raw.sqlite3_get_autocommit(Handle) == 0)
            _commit.Run();
    }

    /// <summary>Undoes the open transaction; does nothing where SQLite already did, as after a full disk.</summary>
    public void Rollback()
    {
        if (raw.sqlite3_get_autocommit(Handle) == 0)
            _rollback.Run();
    }

    /// <summary>Leaves whatever rows are still open, as after a failure half way.</summary>
    public void ResetAll()
    {
        foreach (var statement in _statements)
            statement.Reset();
    }

    public void Dispose()
    {
        foreach (var statement in _statements)
            statement.Dispose();
        Handle.Dispose();
    }

    internal void Check(int code)
    {
        if (code == raw.SQLITE_OK)
            return;
        throw Failure(code);
    }

    internal SqliteFailure Failure(int code) =>
        new(code & 0xff, $"SQLite: {raw.sqlite3_errmsg(Handle).utf8_to_string()} ({raw.sqlite3_extended_errcode(Handle)}).");
}

/// <summary>What SQLite answered instead of a result; turned into <see cref="StoreUnavailableException"/> where it leaves the store.</summary>
internal sealed class SqliteFailure(int code, string message) : Exception(message)
{
    /// <summary>A row that may not be twice: what was being written contradicts what is stored.</summary>
    public bool IsConstraint => code == raw.SQLITE_CONSTRAINT;
}
