namespace OrleansSync.Protocol;

/// <summary>What a JSON text must keep to, beside what protocol §2 asks of all.</summary>
public readonly record struct DataRules()
{
    public const int DefaultMaxBytes = 256 * 1024;

    /// <summary>Deepest nesting of data; the outermost value is 1.</summary>
    public const int DefaultMaxDepth = 32;

    /// <summary>Most bytes of the minified text; 0 = no limit.</summary>
    public int MaxBytes { get; init; } = DefaultMaxBytes;

    /// <summary>True in a patch: a member's value may be a field operation (protocol §4.4).</summary>
    public bool AllowOperations { get; init; }

    /// <summary>True where any value will do; data is an object.</summary>
    public bool AnyValue { get; init; }

    /// <summary>Deepest nesting; 0 = the default.</summary>
    internal int MaxDepth { get; init; }

    /// <summary>Which names that begin with <c>$</c> may stand where no operation does.</summary>
    internal ReservedNames Reserved { get; init; }
}

internal enum ReservedNames : byte
{
    None,
    /// <summary>A filter's <c>$id</c>, as a member of the outermost object.</summary>
    RecordId,
    /// <summary>All, as in a JSON Schema.</summary>
    All,
}
