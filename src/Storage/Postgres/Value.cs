using Npgsql;
using NpgsqlTypes;

namespace OrleansSync.Storage.Postgres;

/// <summary>Parameters of statements, by their order: $1, $2 …</summary>
internal static class Value
{
    public static NpgsqlParameter Of(long value) => new NpgsqlParameter<long> { TypedValue = value, NpgsqlDbType = NpgsqlDbType.Bigint };

    public static NpgsqlParameter Of(string value) => new NpgsqlParameter<string> { TypedValue = value, NpgsqlDbType = NpgsqlDbType.Text };

    public static NpgsqlParameter Of(byte[] value) => new NpgsqlParameter<byte[]> { TypedValue = value, NpgsqlDbType = NpgsqlDbType.Bytea };

    public static NpgsqlParameter Of(List<bool> values) => Array(values, NpgsqlDbType.Boolean);

    public static NpgsqlParameter Of(List<short> values) => Array(values, NpgsqlDbType.Smallint);

    public static NpgsqlParameter Of(List<long> values) => Array(values, NpgsqlDbType.Bigint);

    public static NpgsqlParameter Of(List<long?> values) => Array(values, NpgsqlDbType.Bigint);

    public static NpgsqlParameter Of(List<string> values) => Array(values, NpgsqlDbType.Text);

    public static NpgsqlParameter OfOptional(List<string?> values) => Array(values, NpgsqlDbType.Text);

    public static NpgsqlParameter Of(List<byte[]> values) => Array(values, NpgsqlDbType.Bytea);

    public static NpgsqlParameter OfOptional(List<byte[]?> values) => Array(values, NpgsqlDbType.Bytea);

    private static NpgsqlParameter<List<T>> Array<T>(List<T> values, NpgsqlDbType type) =>
        new() { TypedValue = values, NpgsqlDbType = NpgsqlDbType.Array | type };
}
