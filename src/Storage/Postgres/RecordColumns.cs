using Npgsql;
using OrleansSync.Protocol;

namespace OrleansSync.Storage.Postgres;

/// <summary>The columns by which a record is shown, and how they are read.</summary>
internal static class RecordColumns
{
    /// <summary>Of a row named r, in the order in which <see cref="ReadVersion"/> takes them.</summary>
    public const string Names = "r.id, r.version, r.edited_at, r.author, r.client, r.data, r.mark, r.conflict";

    /// <summary>How many <see cref="Names"/> are.</summary>
    public const int Count = 8;

    public static RecordVersion ReadVersion(NpgsqlDataReader row)
    {
        var data = row.BytesOrNull(5);
        return new()
        {
            Id = row.GetString(0),
            Version = row.GetInt64(1),
            Timestamp = new(row.GetInt64(2)),
            Author = row.GetString(3),
            Client = row.TextOrNull(4),
            Data = data,
            Conflict = row.IsDBNull(6) ? null : ReadConflict(row, data),
        };
    }

    private static Conflict ReadConflict(NpgsqlDataReader row, byte[]? data)
    {
        var mark = ReadMark(row, 6);
        return ConflictColumn.Read(row.GetFieldValue<byte[]>(7), data)! with { Revision = mark.Revision, Claim = mark.Claim };
    }

    public static ConflictMark ReadMark(NpgsqlDataReader row, int column)
    {
        var reader = new ColumnReader(row.GetFieldValue<byte[]>(column));
        return ConflictColumn.ReadMark(ref reader);
    }

    public static string? TextOrNull(this NpgsqlDataReader row, int column) => row.IsDBNull(column) ? null : row.GetString(column);

    public static byte[]? BytesOrNull(this NpgsqlDataReader row, int column) =>
        row.IsDBNull(column) ? null : row.GetFieldValue<byte[]>(column);

    public static long? LongOrNull(this NpgsqlDataReader row, int column) => row.IsDBNull(column) ? null : row.GetInt64(column);
}
