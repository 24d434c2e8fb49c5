using OrleansSync.Protocol;

namespace OrleansSync.Storage;

/// <summary>
/// How a conflict is kept: a format byte, then its members one after the other. Beside its record it is kept without what its paths hold
/// now, which is in the data.
/// </summary>
internal static class ConflictColumn
{
    private const byte Format = 1;

    /// <param name="current">Whether to keep what the paths hold now too.</param>
    public static void Write(ColumnWriter writer, Conflict conflict, bool current)
    {
        writer.Byte(Format);
        writer.Text(conflict.Id);
        writer.Fixed(conflict.Revision);
        writer.Fixed(conflict.OpenedAt.Ticks);
        WriteClaim(writer, conflict.Claim);
        writer.Count(conflict.Fields.Count);
        foreach (var field in conflict.Fields)
        {
            writer.Text(field.Path);
            writer.Bytes(field.Base);
            writer.Bytes(current ? field.Current : null);
        }
        writer.Count(conflict.Candidates.Count);
        foreach (var candidate in conflict.Candidates)
            WriteCandidate(writer, candidate);
    }

    /// <summary>The conflict of a record with this live data (null: a tombstone); null for an empty column: there is none.</summary>
    public static Conflict? Read(ReadOnlySpan<byte> column, byte[]? data)
    {
        if (column.IsEmpty)
            return null;
        var reader = new ColumnReader(column);
        return Read(ref reader).Beside(data);
    }

    /// <summary>The conflict just as it was written.</summary>
    public static Conflict Read(ref ColumnReader reader) => new()
    {
        Id = ReadId(ref reader),
        Revision = reader.Fixed(),
        OpenedAt = new(reader.Fixed()),
        Claim = ReadClaim(ref reader),
        Fields = ReadFields(ref reader),
        Candidates = ReadCandidates(ref reader),
    };

    /// <summary>Only its id.</summary>
    public static string ReadId(ReadOnlySpan<byte> column)
    {
        var reader = new ColumnReader(column);
        return ReadId(ref reader);
    }

    public static void WriteMark(ColumnWriter writer, ConflictMark mark)
    {
        writer.Text(mark.Id);
        writer.Fixed(mark.Revision);
        writer.Count(mark.Candidates);
        WriteClaim(writer, mark.Claim);
    }

    public static ConflictMark ReadMark(ref ColumnReader reader) =>
        new(reader.Text()!, reader.Fixed(), reader.Count(), ReadClaim(ref reader));

    private static string ReadId(ref ColumnReader reader)
    {
        if (reader.Byte() is var format && format != Format)
            throw new StoreUnavailableException($"A conflict has format {format}; this version reads {Format}.");
        return reader.Text()!;
    }

    private static void WriteClaim(ColumnWriter writer, Claim? claim)
    {
        writer.Text(claim?.Author);
        if (claim is null)
            return;
        writer.Text(claim.Client);
        writer.Fixed(claim.Until.Ticks);
    }

    private static Claim? ReadClaim(ref ColumnReader reader) =>
        reader.Text() is { } author ? new(author, reader.Text(), new(reader.Fixed())) : null;

    private static ConflictField[] ReadFields(ref ColumnReader reader)
    {
        var fields = new ConflictField[reader.Count()];
        for (var i = 0; i < fields.Length; i++)
            fields[i] = new(reader.Text()!, reader.Bytes(), reader.Bytes());
        return fields;
    }

    private static void WriteCandidate(ColumnWriter writer, Candidate candidate)
    {
        writer.Count(candidate.Id);
        writer.Text(candidate.Write);
        writer.Text(candidate.Author);
        writer.Text(candidate.Client);
        writer.Fixed(candidate.Timestamp.Ticks);
        writer.Byte((byte)candidate.Op);
        writer.Byte(candidate.Base is null ? (byte)0 : (byte)1);
        if (candidate.Base is { } known)
            writer.Fixed(known);
        writer.Count(candidate.Values.Count);
        foreach (var value in candidate.Values)
        {
            writer.Text(value.Path);
            writer.Bytes(value.Value);
        }
        writer.Count(candidate.Removed.Count);
        foreach (var path in candidate.Removed)
            writer.Text(path);
    }

    private static Candidate[] ReadCandidates(ref ColumnReader reader)
    {
        var candidates = new Candidate[reader.Count()];
        for (var i = 0; i < candidates.Length; i++)
            candidates[i] = ReadCandidate(ref reader);
        return candidates;
    }

    private static Candidate ReadCandidate(ref ColumnReader reader) => new()
    {
        Id = reader.Count(),
        Write = reader.Text(),
        Author = reader.Text()!,
        Client = reader.Text(),
        Timestamp = new(reader.Fixed()),
        Op = (WriteOp)reader.Byte(),
        Base = reader.Byte() == 1 ? reader.Fixed() : null,
        Values = ReadValues(ref reader),
        Removed = ReadPaths(ref reader),
    };

    private static PathValue[] ReadValues(ref ColumnReader reader)
    {
        var values = new PathValue[reader.Count()];
        for (var i = 0; i < values.Length; i++)
            values[i] = new(reader.Text()!, reader.Bytes()!);
        return values;
    }

    private static string[] ReadPaths(ref ColumnReader reader)
    {
        var paths = new string[reader.Count()];
        for (var i = 0; i < paths.Length; i++)
            paths[i] = reader.Text()!;
        return paths;
    }
}
