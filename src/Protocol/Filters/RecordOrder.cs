namespace OrleansSync.Protocol;

/// <summary>The order of a list: a field, <c>id</c>, <c>timestamp</c> or <c>version</c>, up or down; ties by id.</summary>
public sealed record RecordOrder(string By, bool Descending)
{
    public const string Id = "id";
    public const string Timestamp = "timestamp";
    public const string Version = "version";

    private static readonly RecordOrder ById = new(Id, false);

    /// <summary>The field to order by; null when the order is by id, timestamp or version.</summary>
    public FieldPath? Path { get; } = By is Id or Timestamp or Version ? null : FieldPath.Parse(By);

    /// <summary>Reads <c>field</c> or <c>-field</c>; null or empty = by id. Throws <see cref="RefusedException"/> (malformed) for no path.</summary>
    public static RecordOrder Parse(string? text)
    {
        if (string.IsNullOrEmpty(text))
            return ById;

        var descending = text[0] == '-';
        var by = descending ? text[1..] : text;
        return by.Length > 0
            ? new RecordOrder(by, descending)
            : throw new RefusedException(Codes.Malformed, "orderBy names no field: give a path, id, timestamp or version, with - before it for the reverse.");
    }
}
