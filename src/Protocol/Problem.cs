using System.Collections.Frozen;

namespace OrleansSync.Protocol;

/// <summary>Why something was refused: a stable code, and a sentence that says what was wrong and what to do.</summary>
/// <param name="Code">One of <see cref="Codes"/>.</param>
/// <param name="Detail">For people; never a stack trace, a type name or anything of another tenant.</param>
/// <param name="Paths">For <see cref="Codes.Schema"/>: the failing paths, each with what was expected there.</param>
[GenerateSerializer, Immutable]
public sealed record Problem(
    [property: Id(0)] string Code,
    [property: Id(1)] string Detail,
    [property: Id(2)] IReadOnlyList<FailingPath>? Paths = null)
{
    /// <summary>The HTTP status that belongs to the code.</summary>
    public int Status => Codes.StatusOf(Code);
}

/// <summary>A place in the data that the schema refuses.</summary>
[GenerateSerializer, Immutable]
public sealed record FailingPath([property: Id(0)] string Path, [property: Id(1)] string Why);

/// <summary>Thrown at the edge when a request is refused before anything happened; caught where the answer is written.</summary>
public sealed class RefusedException(Problem problem) : Exception(problem.Detail)
{
    public RefusedException(string code, string detail) : this(new Problem(code, detail)) { }

    public Problem Problem { get; } = problem;
}

/// <summary>The stable codes of protocol §11, each with its HTTP status.</summary>
public static class Codes
{
    public const string Malformed = "malformed";
    public const string InvalidName = "invalid-name";
    public const string TooDeep = "too-deep";
    public const string ClockAhead = "clock-ahead";
    public const string Unauthorized = "unauthorized";
    public const string Forbidden = "forbidden";
    public const string NotFound = "not-found";
    public const string UnknownCollection = "unknown-collection";
    public const string MethodNotAllowed = "method-not-allowed";
    public const string ConcurrentEdit = "concurrent-edit";
    public const string Claimed = "claimed";
    public const string MovedOn = "moved-on";
    public const string ConflictFull = "conflict-full";
    public const string Gone = "gone";
    public const string VersionMismatch = "version-mismatch";
    public const string Exists = "exists";
    public const string TooLarge = "too-large";
    public const string UnsupportedMediaType = "unsupported-media-type";
    public const string Schema = "schema";
    public const string TypeMismatch = "type-mismatch";
    public const string WriteIdReused = "write-id-reused";
    public const string BaseRequired = "base-required";
    public const string RateLimited = "rate-limited";
    public const string Internal = "internal";
    public const string Overloaded = "overloaded";
    public const string Unavailable = "unavailable";

    private static readonly FrozenDictionary<string, int> Statuses = new Dictionary<string, int>
    {
        [Malformed] = 400,
        [InvalidName] = 400,
        [TooDeep] = 400,
        [ClockAhead] = 400,
        [Unauthorized] = 401,
        [Forbidden] = 403,
        [NotFound] = 404,
        [UnknownCollection] = 404,
        [MethodNotAllowed] = 405,
        [ConcurrentEdit] = 409,
        [Claimed] = 409,
        [MovedOn] = 409,
        [ConflictFull] = 409,
        [Gone] = 410,
        [VersionMismatch] = 412,
        [Exists] = 412,
        [TooLarge] = 413,
        [UnsupportedMediaType] = 415,
        [Schema] = 422,
        [TypeMismatch] = 422,
        [WriteIdReused] = 422,
        [BaseRequired] = 428,
        [RateLimited] = 429,
        [Internal] = 500,
        [Overloaded] = 503,
        [Unavailable] = 503,
    }.ToFrozenDictionary();

    /// <summary>Every code there is, for the table in the docs and the test that compares them.</summary>
    public static IReadOnlyCollection<string> All => Statuses.Keys;

    public static int StatusOf(string code) => Statuses[code];
}
