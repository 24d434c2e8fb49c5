using Npgsql;
using NpgsqlTypes;
using OrleansSync.Load.Measures;
using OrleansSync.Load.Scenarios;
using OrleansSync.Storage;

namespace OrleansSync.Load;

/// <summary>
/// What PostgreSQL takes of the same writes in the plainest way there is: a log and the newest state, two statements over arrays in one round trip, batches
/// of 512 from one thread. Nothing is compared, counted or fenced, and there is no index but the two primary keys.
/// </summary>
internal sealed class PlainPostgres(NpgsqlConnection connection, Options options)
{
    private const string Tables = """
        create table log(seq bigint primary key, id text collate "C" not null, version bigint not null, entry bytea not null);
        create table record(id text collate "C" primary key, seq bigint not null, version bigint not null, edited_at bigint not null,
            author text not null, write text not null, merge bytea not null, data bytea not null)
        """;

    private const string Append = "insert into log select * from unnest($1::bigint[], $2::text[], $3::bigint[], $4::bytea[])";

    private const string Upsert = """
        insert into record select * from unnest(
            $1::text[], $2::bigint[], $3::bigint[], $4::bigint[], $5::text[], $6::text[], $7::bytea[], $8::bytea[])
        on conflict (id) do update set seq = excluded.seq, version = excluded.version, edited_at = excluded.edited_at,
            author = excluded.author, write = excluded.write, merge = excluded.merge, data = excluded.data
        """;

    // As long as the store's are for these writes.
    private static readonly byte[] Entry = new byte[150];

    private readonly RawRows _rows = new(1, 0, options);

    /// <param name="database">An empty one.</param>
    public static async Task<(Measurement Found, Meter Meter)> Measure(LoadRun run, Measurement what, string database, Options options, params IReadOnlyList<Watched> watched)
    {
        await using var connection = new NpgsqlConnection(database + ";Pooling=false");
        await connection.OpenAsync();
        await using (var create = new NpgsqlCommand(Tables, connection)) await create.ExecuteNonQueryAsync();
        var plain = new PlainPostgres(connection, options);
        return await RawLoad.Run(run, what, plain.WriteBatch, options, watched);
    }

    private Task WriteBatch()
    {
        Write(_rows.NextBatch().Commits);
        return Task.CompletedTask;
    }

    private void Write(IReadOnlyList<RecordCommit> commits)
    {
        // A statement may move a row once.
        var newest = commits.GroupBy(commit => commit.RecordId).Select(each => each.Last()).ToArray();
        using var batch = new NpgsqlBatch(connection);
        batch.BatchCommands.Add(Statement(
            Append,
            Array(NpgsqlDbType.Bigint, commits, commit => commit.Seq),
            Array(NpgsqlDbType.Text, commits, commit => commit.RecordId),
            Array(NpgsqlDbType.Bigint, commits, commit => commit.State!.View.Version),
            Array(NpgsqlDbType.Bytea, commits, _ => Entry)));
        batch.BatchCommands.Add(Statement(
            Upsert,
            Array(NpgsqlDbType.Text, newest, commit => commit.RecordId),
            Array(NpgsqlDbType.Bigint, newest, commit => commit.Seq),
            Array(NpgsqlDbType.Bigint, newest, commit => commit.State!.View.Version),
            Array(NpgsqlDbType.Bigint, newest, commit => commit.State!.View.Timestamp.Ticks),
            Array(NpgsqlDbType.Text, newest, commit => commit.State!.View.Author),
            Array(NpgsqlDbType.Text, newest, commit => commit.State!.Write!),
            Array(NpgsqlDbType.Bytea, newest, commit => commit.State!.Merge),
            Array(NpgsqlDbType.Bytea, newest, commit => commit.State!.View.Data!)));
        batch.Prepare();
        batch.ExecuteNonQuery();
    }

    private static NpgsqlBatchCommand Statement(string sql, params NpgsqlParameter[] values)
    {
        var statement = new NpgsqlBatchCommand(sql);
        statement.Parameters.AddRange(values);
        return statement;
    }

    private static NpgsqlParameter<T[]> Array<T>(NpgsqlDbType type, IReadOnlyList<RecordCommit> commits, Func<RecordCommit, T> value) =>
        new() { TypedValue = [.. commits.Select(value)], NpgsqlDbType = NpgsqlDbType.Array | type };
}
