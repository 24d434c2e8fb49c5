using OrleansSync.Protocol;

namespace OrleansSync.Storage.Sqlite;

/// <summary>The columns of a record as others see it, in the order in which feeds and lists read them, from the second one of a row on.</summary>
internal static class RecordColumns
{
    public const string Names = "r.id, r.version, r.timestamp, r.author, r.client, r.data";

    /// <param name="conflict">Where <see cref="ConflictRows.Columns"/> begin.</param>
    public static RecordVersion ReadVersion(Statement row, int conflict)
    {
        var data = row.BlobOrNull(6);
        return new()
        {
            Id = row.Text(1),
            Version = row.Long(2),
            Timestamp = new(row.Long(3)),
            Author = row.Text(4),
            Client = row.TextOrNull(5),
            Data = data,
            Conflict = ConflictRows.Read(row, conflict, data),
        };
    }
}
