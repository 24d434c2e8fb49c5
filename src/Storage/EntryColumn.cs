using OrleansSync.Protocol;

namespace OrleansSync.Storage;

/// <summary>
/// How a history entry is kept: a format byte, then its members one after the other. The number, the version, the time of recording and the
/// outcome are columns of their own and come back from there.
/// </summary>
internal static class EntryColumn
{
    private const byte Format = 2;

    // As format 2, but without the members of conflicts.
    private const byte FirstFormat = 1;

    private const byte MadeVersion = 1;
    private const byte Created = 2;
    private const byte Deleted = 4;
    private const byte HasProblem = 8;
    private const byte HasFailingPaths = 16;
    private const byte Forgotten = 32;
    private const byte HasMore = 64;

    // A second byte of flags, after the other members, only where one of them is set.
    private const byte HasWanted = 1;
    private const byte HasConflict = 2;
    private const byte HasSettlement = 4;

    /// <summary>What the columns beside the entry say of it.</summary>
    public readonly record struct Place(long Number, long Version, Timestamp RecordedAt, Outcome Outcome);

    public static void Write(ColumnWriter writer, HistoryEntry entry)
    {
        writer.Byte(Format);
        writer.Byte(Flags(entry));
        writer.Byte((byte)entry.Op);
        writer.Fixed(entry.Timestamp.Ticks);
        writer.Fixed(entry.Fingerprint);
        writer.Fixed(entry.RecordTimestamp.Ticks);
        writer.Text(entry.Author);
        writer.Text(entry.Client);
        writer.Text(entry.Write);
        writer.Text(entry.RecordAuthor);
        writer.Text(entry.RecordClient);
        WriteChanges(writer, entry.Changes);
        WriteFields(writer, entry.Fields);
        if (entry.Problem is { } problem)
            WriteProblem(writer, problem);
        if (MoreFlags(entry) is > 0 and var more)
            WriteMore(writer, entry, more);
    }

    public static HistoryEntry Read(ReadOnlySpan<byte> column, Place place)
    {
        var reader = new ColumnReader(column);
        if (reader.Byte() is var format && format is not (Format or FirstFormat))
            throw new StoreUnavailableException($"A history entry has format {format}; this version reads up to {Format}.");
        var flags = reader.Byte();
        var entry = new HistoryEntry
        {
            Number = place.Number,
            Version = place.Version,
            RecordedAt = place.RecordedAt,
            Outcome = place.Outcome,
            MadeVersion = (flags & MadeVersion) != 0,
            Created = (flags & Created) != 0,
            Deleted = (flags & Deleted) != 0,
            Forgotten = (flags & Forgotten) != 0,
            Op = (WriteOp)reader.Byte(),
            Timestamp = new(reader.Fixed()),
            Fingerprint = reader.Fixed(),
            RecordTimestamp = new(reader.Fixed()),
            Author = reader.Text()!,
            Client = reader.Text(),
            Write = reader.Text(),
            RecordAuthor = reader.Text()!,
            RecordClient = reader.Text(),
            Changes = ReadChanges(ref reader),
            Fields = ReadFields(ref reader),
            Problem = (flags & HasProblem) != 0 ? ReadProblem(ref reader, (flags & HasFailingPaths) != 0) : null,
        };
        return (flags & HasMore) != 0 ? ReadMore(ref reader, entry) : entry;
    }

    /// <summary>The entry without what it says of the data: what a purge leaves, enough to answer a resend.</summary>
    public static HistoryEntry Blank(HistoryEntry entry) =>
        entry with { Changes = [], Wanted = [], Settlement = null, Forgotten = true };

    private static byte Flags(HistoryEntry entry) =>
        (byte)((entry.MadeVersion ? MadeVersion : 0)
            | (entry.Created ? Created : 0)
            | (entry.Deleted ? Deleted : 0)
            | (entry.Forgotten ? Forgotten : 0)
            | (entry.Problem is null ? 0 : HasProblem)
            | (entry.Problem?.Paths is null ? 0 : HasFailingPaths)
            | (MoreFlags(entry) == 0 ? 0 : HasMore));

    private static byte MoreFlags(HistoryEntry entry) =>
        (byte)((entry.Wanted.Count == 0 ? 0 : HasWanted)
            | (entry.Conflict is null ? 0 : HasConflict)
            | (entry.Settlement is null ? 0 : HasSettlement));

    private static void WriteMore(ColumnWriter writer, HistoryEntry entry, byte flags)
    {
        writer.Byte(flags);
        if (entry.Wanted.Count > 0)
            WriteChanges(writer, entry.Wanted);
        if (entry.Conflict is { } mark)
            ConflictColumn.WriteMark(writer, mark);
        if (entry.Settlement is { } settlement)
            WriteSettlement(writer, settlement);
    }

    private static HistoryEntry ReadMore(ref ColumnReader reader, HistoryEntry entry)
    {
        var flags = reader.Byte();
        return entry with
        {
            Wanted = (flags & HasWanted) != 0 ? ReadChanges(ref reader) : [],
            Conflict = (flags & HasConflict) != 0 ? ConflictColumn.ReadMark(ref reader) : null,
            Settlement = (flags & HasSettlement) != 0 ? ReadSettlement(ref reader) : null,
        };
    }

    private static void WriteSettlement(ColumnWriter writer, Settlement settlement)
    {
        ConflictColumn.Write(writer, settlement.Conflict, current: true);
        writer.Count(settlement.Discarded.Count);
        foreach (var candidate in settlement.Discarded)
            writer.Count(candidate);
        writer.Text(settlement.Note);
    }

    private static Settlement ReadSettlement(ref ColumnReader reader)
    {
        var conflict = ConflictColumn.Read(ref reader);
        var discarded = new int[reader.Count()];
        for (var i = 0; i < discarded.Length; i++)
            discarded[i] = reader.Count();
        return new(conflict, discarded, reader.Text());
    }

    private static void WriteChanges(ColumnWriter writer, IReadOnlyList<PathChange> changes)
    {
        writer.Count(changes.Count);
        foreach (var change in changes)
        {
            writer.Text(change.Path);
            writer.Bytes(change.From);
            writer.Bytes(change.To);
        }
    }

    private static PathChange[] ReadChanges(ref ColumnReader reader)
    {
        var changes = new PathChange[reader.Count()];
        for (var i = 0; i < changes.Length; i++)
            changes[i] = new(reader.Text()!, reader.Bytes(), reader.Bytes());
        return changes;
    }

    private static void WriteFields(ColumnWriter writer, IReadOnlyList<FieldOutcome> fields)
    {
        writer.Count(fields.Count);
        foreach (var field in fields)
        {
            writer.Text(field.Path);
            writer.Byte((byte)field.Kept);
            writer.Text(field.Rule);
            writer.Text(field.Why);
        }
    }

    private static FieldOutcome[] ReadFields(ref ColumnReader reader)
    {
        var fields = new FieldOutcome[reader.Count()];
        for (var i = 0; i < fields.Length; i++)
            fields[i] = new(reader.Text()!, (Kept)reader.Byte(), reader.Text()!, reader.Text()!);
        return fields;
    }

    private static void WriteProblem(ColumnWriter writer, Problem problem)
    {
        writer.Text(problem.Code);
        writer.Text(problem.Detail);
        if (problem.Paths is not { } paths)
            return;
        writer.Count(paths.Count);
        foreach (var path in paths)
        {
            writer.Text(path.Path);
            writer.Text(path.Why);
        }
    }

    private static Problem ReadProblem(ref ColumnReader reader, bool hasPaths)
    {
        var (code, detail) = (reader.Text()!, reader.Text()!);
        if (!hasPaths)
            return new(code, detail);
        var paths = new FailingPath[reader.Count()];
        for (var i = 0; i < paths.Length; i++)
            paths[i] = new(reader.Text()!, reader.Text()!);
        return new(code, detail, paths);
    }
}
