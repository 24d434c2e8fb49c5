namespace OrleansSync.Protocol;

/// <summary>A write as it came: either the write, or why it is none, with its write id where that could be read.</summary>
public readonly record struct WriteRead(Write? Write, string? Id, Problem? Problem)
{
    /// <summary>The answer to a write that is none.</summary>
    public WriteResult ToInvalid() => WriteResult.Invalid(Id, Problem!);
}

/// <summary>Reads the write objects of batches and sockets (protocol §4). A bad one is a value, so that the others can go on.</summary>
public static class WriteReader
{
    /// <summary>Reads one write object.</summary>
    /// <param name="json">The raw element of <c>writes</c>.</param>
    /// <param name="author">Who is asking.</param>
    /// <param name="client">The name of the connection's client, for writes that name none.</param>
    /// <param name="maxDataBytes">Most bytes of minified data; 0 = no limit.</param>
    public static WriteRead Read(ReadOnlyMemory<byte> json, string author, string? client, int maxDataBytes)
    {
        string? id = null;
        try
        {
            var members = JsonMembers.Cut(json);
            id = Name(members, "id");
            return new WriteRead(ReadChecked(members, id, author, client, maxDataBytes), id, null);
        }
        catch (RefusedException refused)
        {
            return new WriteRead(null, id, refused.Problem);
        }
    }

    /// <summary>Reads a claim, a release or a resolution of a socket or hub (protocol §6, §9); a bad one is a value here too.</summary>
    /// <param name="members">Those of the frame.</param>
    /// <param name="op">Which of the three.</param>
    /// <param name="author">Who is asking.</param>
    /// <param name="client">The name of the connection's client, where the frame names none.</param>
    /// <param name="maxDataBytes">Most bytes of one minified value; 0 = no limit.</param>
    public static WriteRead ReadOfConflict(JsonMembers members, WriteOp op, string author, string? client, int maxDataBytes)
    {
        string? id = null;
        try
        {
            id = Name(members, "id");
            return new WriteRead(ReadConflictChecked(members, op, id, author, client, maxDataBytes), id, null);
        }
        catch (RefusedException refused)
        {
            return new WriteRead(null, id, refused.Problem);
        }
    }

    private static Write ReadConflictChecked(
        JsonMembers members, WriteOp op, string? id, string author, string? client, int maxDataBytes)
    {
        var (collection, record) = ReadNames(members);
        return new Write
        {
            Id = id,
            Collection = collection,
            Record = record,
            Op = op,
            Precondition = Version(members, "ifVersion") is { } version ? Precondition.At(version) : Precondition.None,
            Author = author,
            Client = Name(members, "client") ?? client,
            Resolution = op == WriteOp.Resolve ? ResolutionReader.Read(members, maxDataBytes) : null,
            ClaimSeconds = op == WriteOp.Claim ? ClaimReader.Read(members) : null,
        };
    }

    private static Write ReadChecked(JsonMembers members, string? id, string author, string? client, int maxDataBytes)
    {
        var (collection, record) = ReadNames(members);
        var op = ReadOp(members);
        var ifVersion = Version(members, "ifVersion");
        return new Write
        {
            Id = id,
            Collection = collection,
            Record = record,
            Op = op,
            Data = ReadData(members, op, maxDataBytes),
            Base = Version(members, "base") ?? ifVersion,
            Precondition = ifVersion is { } version ? Precondition.At(version) : Precondition.None,
            Timestamp = members.Instant("timestamp"),
            Author = author,
            Client = Name(members, "client") ?? client,
        };
    }

    private static (string Collection, string Record) ReadNames(JsonMembers members)
    {
        var collection = members.String("collection") ?? throw Missing("collection");
        if (!Names.IsCollection(collection))
            throw InvalidName("collection", "a lower-case letter, then up to 62 of a-z, 0-9, _ and -");
        var record = members.String("record") ?? throw Missing("record");
        if (!Names.IsRecordId(record))
            throw InvalidName("record", "1 to 128 of A-Z a-z 0-9 - _ . ~ : @, and neither . nor ..");
        return (collection, record);
    }

    private static WriteOp ReadOp(JsonMembers members) => members.String("op") switch
    {
        "put" => WriteOp.Put,
        "patch" => WriteOp.Patch,
        "delete" => WriteOp.Delete,
        null => throw Missing("op"),
        _ => throw new RefusedException(Codes.Malformed, "'op' must be put, patch or delete."),
    };

    private static byte[]? ReadData(JsonMembers members, WriteOp op, int maxDataBytes)
    {
        if (op == WriteOp.Delete)
            return null;
        if (!members.TryGet("data", out var data))
            throw Missing("data");
        return DataText.Read(data.Span, new DataRules { MaxBytes = maxDataBytes, AllowOperations = op == WriteOp.Patch });
    }

    private static long? Version(JsonMembers members, string name)
    {
        var version = members.Integer(name);
        return version is null or >= 0
            ? version
            : throw new RefusedException(Codes.Malformed, $"'{name}' must be a version: 0 for none, or 1, 2, 3 …");
    }

    private static string? Name(JsonMembers members, string name)
    {
        var text = members.String(name);
        return text is null || Names.IsId(text)
            ? text
            : throw InvalidName(name, "1 to 128 of A-Z a-z 0-9 - _ . ~ : @");
    }

    private static RefusedException Missing(string name) => new(Codes.Malformed, $"'{name}' is missing.");

    private static RefusedException InvalidName(string name, string rule) =>
        new(Codes.InvalidName, $"'{name}' is not a valid name: it takes {rule}.");
}
