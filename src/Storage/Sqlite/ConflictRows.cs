using OrleansSync.Protocol;

namespace OrleansSync.Storage.Sqlite;

/// <summary>
/// Keeps open conflicts in two parts: a small mark in the record's row, and the candidates, up to a megabyte, in a table of their own. Most versions of
/// a record in conflict (claims, edits) leave the candidates as they are, and then only the mark is written.
/// </summary>
internal sealed class ConflictRows(Database database)
{
    /// <summary>The columns of a row of records <c>r</c> that <see cref="Read"/> and <see cref="ReadId"/> take.</summary>
    public const string Columns = "r.conflict, case when r.conflict_since is not null then (select whole from conflicts where record = r.key) end";

    private readonly Statement _mark = database.Prepare("update records set conflict_since = ?, conflict = ? where key = ?");
    private readonly Statement _whole = database.Prepare("insert or replace into conflicts(record, whole) values(?, ?)");
    private readonly Statement _settled = database.Prepare("delete from conflicts where record = ?");
    private readonly ColumnWriter _column = new();

    /// <param name="known">The mark that stands in the row; null when there is none.</param>
    public void Write(long record, ConflictMark? known, Conflict conflict)
    {
        _column.Clear();
        ConflictColumn.WriteMark(_column, conflict.Mark);
        _mark.Bind(1, conflict.OpenedAt.Ticks).Bind(2, _column.Written).Bind(3, record).Run();
        // Within one conflict candidates and paths are only ever added, and together.
        if (known is not null && known.Id == conflict.Id && known.Candidates == conflict.Candidates.Count)
            return;
        _column.Clear();
        ConflictColumn.Write(_column, conflict, current: false);
        _whole.Bind(1, record).Bind(2, _column.Written).Run();
    }

    public void Settle(long record)
    {
        _mark.Bind(1, (long?)null).Bind(2, (byte[]?)null).Bind(3, record).Run();
        _settled.Bind(1, record).Run();
    }

    /// <summary>The conflict of a row with this live data (null: a tombstone); null when none is open.</summary>
    /// <param name="column">The first of <see cref="Columns"/>.</param>
    public static Conflict? Read(Statement row, int column, byte[]? data)
    {
        if (ConflictColumn.Read(row.Span(column + 1), data) is not { } whole)
            return null;
        return ReadMark(row, column) is { } mark ? whole with { Revision = mark.Revision, Claim = mark.Claim } : whole;
    }

    public static string ReadId(Statement row, int column) => ReadMark(row, column)?.Id ?? ConflictColumn.ReadId(row.Span(column + 1));

    /// <summary>Null also for a conflict that was moved here from an older layout: then the whole says it all.</summary>
    public static ConflictMark? ReadMark(Statement row, int column)
    {
        if (row.IsNull(column))
            return null;
        var reader = new ColumnReader(row.Span(column));
        return ConflictColumn.ReadMark(ref reader);
    }
}
