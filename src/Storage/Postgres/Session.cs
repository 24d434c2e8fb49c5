using Npgsql;

namespace OrleansSync.Storage.Postgres;

/// <summary>A connection while it is lent: one statement after the other. Statements are prepared once a connection.</summary>
internal readonly struct Session(NpgsqlConnection connection, CancellationToken cancel)
{
    public NpgsqlConnection Connection => connection;

    public CancellationToken Cancel => cancel;

    /// <summary>All rows.</summary>
    public async Task<List<T>> Rows<T>(string sql, Func<NpgsqlDataReader, T> read, params NpgsqlParameter[] values)
    {
        var rows = new List<T>();
        await using var command = await Prepare(sql, values);
        await using var reader = await command.ExecuteReaderAsync(cancel);
        while (await reader.ReadAsync(cancel))
            rows.Add(read(reader));
        return rows;
    }

    /// <summary>The first row, or the default where there is none.</summary>
    public async Task<T?> Row<T>(string sql, Func<NpgsqlDataReader, T> read, params NpgsqlParameter[] values)
    {
        await using var command = await Prepare(sql, values);
        await using var reader = await command.ExecuteReaderAsync(cancel);
        return await reader.ReadAsync(cancel) ? read(reader) : default;
    }

    /// <summary>Answers how many rows it changed.</summary>
    public async Task<int> Do(string sql, params NpgsqlParameter[] values)
    {
        await using var command = await Prepare(sql, values);
        return await command.ExecuteNonQueryAsync(cancel);
    }

    /// <summary>Without preparing: for a statement that is another one each time.</summary>
    public async Task Run(string sql, params NpgsqlParameter[] values)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        command.Parameters.AddRange(values);
        await command.ExecuteNonQueryAsync(cancel);
    }

    private async Task<NpgsqlCommand> Prepare(string sql, NpgsqlParameter[] values)
    {
        var command = new NpgsqlCommand(sql, connection);
        command.Parameters.AddRange(values);
        await command.PrepareAsync(cancel);
        return command;
    }
}
