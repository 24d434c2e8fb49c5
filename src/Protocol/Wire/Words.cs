namespace OrleansSync.Protocol;

/// <summary>The protocol's words for what the code has as enumerations, as UTF-8.</summary>
internal static class Words
{
    public static ReadOnlySpan<byte> Of(Outcome outcome) => outcome switch
    {
        Outcome.Applied => "applied"u8,
        Outcome.Merged => "merged"u8,
        Outcome.Superseded => "superseded"u8,
        Outcome.Held => "held"u8,
        Outcome.Rejected => "rejected"u8,
        Outcome.Invalid => "invalid"u8,
        _ => throw new ArgumentOutOfRangeException(nameof(outcome)),
    };

    public static ReadOnlySpan<byte> Of(Kept kept) => kept switch
    {
        Kept.Current => "current"u8,
        Kept.Incoming => "incoming"u8,
        Kept.Both => "both"u8,
        Kept.Held => "held"u8,
        _ => throw new ArgumentOutOfRangeException(nameof(kept)),
    };

    public static ReadOnlySpan<byte> Of(WriteOp op) => op switch
    {
        WriteOp.Put => "put"u8,
        WriteOp.Patch => "patch"u8,
        WriteOp.Delete => "delete"u8,
        WriteOp.Resolve => "resolve"u8,
        WriteOp.Claim => "claim"u8,
        WriteOp.Release => "release"u8,
        _ => throw new ArgumentOutOfRangeException(nameof(op)),
    };

    /// <summary>The reason phrase of an HTTP status, the title of a problem.</summary>
    public static ReadOnlySpan<byte> Title(int status) => status switch
    {
        400 => "Bad Request"u8,
        401 => "Unauthorized"u8,
        403 => "Forbidden"u8,
        404 => "Not Found"u8,
        405 => "Method Not Allowed"u8,
        409 => "Conflict"u8,
        410 => "Gone"u8,
        412 => "Precondition Failed"u8,
        413 => "Content Too Large"u8,
        415 => "Unsupported Media Type"u8,
        422 => "Unprocessable Content"u8,
        428 => "Precondition Required"u8,
        429 => "Too Many Requests"u8,
        500 => "Internal Server Error"u8,
        503 => "Service Unavailable"u8,
        _ => throw new ArgumentOutOfRangeException(nameof(status)),
    };
}
