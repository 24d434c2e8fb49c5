using System.Text;
using SQLitePCL;

namespace OrleansSync.Storage.Sqlite;

/// <summary>
/// A prepared statement, bound and stepped without the layers of ADO.NET, which cost nearly as much again as a small write takes. Parameters count
/// from 1, columns from 0. Binds are copied by SQLite; a statement is reset before it is used again.
/// </summary>
internal sealed class Statement(Database database, sqlite3_stmt prepared) : IDisposable
{
    private const int StackBytes = 512;

    public Statement Bind(int parameter, long value)
    {
        database.Check(raw.sqlite3_bind_int64(prepared, parameter, value));
        return this;
    }

    public Statement Bind(int parameter, long? value) => value is { } number ? Bind(parameter, number) : BindNull(parameter);

    public Statement Bind(int parameter, string? value)
    {
        if (value is null)
            return BindNull(parameter);
        var room = Encoding.UTF8.GetMaxByteCount(value.Length);
        Span<byte> utf8 = room <= StackBytes ? stackalloc byte[StackBytes] : new byte[room];
        var length = Encoding.UTF8.GetBytes(value, utf8);
        database.Check(raw.sqlite3_bind_text(prepared, parameter, utf8[..length]));
        return this;
    }

    public Statement Bind(int parameter, byte[]? value) =>
        value is null ? BindNull(parameter) : Bind(parameter, value.AsSpan());

    public Statement Bind(int parameter, ReadOnlySpan<byte> value)
    {
        database.Check(value.IsEmpty
            ? raw.sqlite3_bind_zeroblob(prepared, parameter, 0)
            : raw.sqlite3_bind_blob(prepared, parameter, value));
        return this;
    }

    private Statement BindNull(int parameter)
    {
        database.Check(raw.sqlite3_bind_null(prepared, parameter));
        return this;
    }

    /// <summary>The next row: false when there is none, and then the statement is ready to be bound again.</summary>
    public bool Step()
    {
        var code = raw.sqlite3_step(prepared);
        if (code == raw.SQLITE_ROW)
            return true;
        if (code != raw.SQLITE_DONE)
        {
            var failure = database.Failure(code);
            raw.sqlite3_reset(prepared);
            throw failure;
        }
        raw.sqlite3_reset(prepared);
        return false;
    }

    /// <summary>Runs a statement whose rows, if any, are of no interest.</summary>
    public void Run()
    {
        Step();
        Reset();
    }

    /// <summary>Leaves the rows that were not read. Must follow every read that stopped early, or its snapshot stays open.</summary>
    public void Reset() => raw.sqlite3_reset(prepared);

    public bool IsNull(int column) => raw.sqlite3_column_type(prepared, column) == raw.SQLITE_NULL;

    public long Long(int column) => raw.sqlite3_column_int64(prepared, column);

    public long? LongOrNull(int column) => IsNull(column) ? null : Long(column);

    public string Text(int column) => raw.sqlite3_column_text(prepared, column).utf8_to_string() ?? "";

    public string? TextOrNull(int column) => IsNull(column) ? null : Text(column);

    /// <summary>The bytes of a blob or text, valid until the next step.</summary>
    public ReadOnlySpan<byte> Span(int column) => raw.sqlite3_column_blob(prepared, column);

    public byte[] Blob(int column) => Span(column).ToArray();

    public byte[]? BlobOrNull(int column) => IsNull(column) ? null : Blob(column);

    public void Dispose() => prepared.Dispose();
}
