using System.Text;

namespace OrleansSync.Protocol;

/// <summary>
/// Concurrent values of one record that wait for a person (protocol §6). Part of the record: opening, joining, claiming and resolving it are
/// versions of the record.
/// </summary>
[GenerateSerializer, Immutable]
public sealed record Conflict
{
    /// <summary>Most candidates of one conflict.</summary>
    public const int MostCandidates = 32;

    /// <summary>Most bytes that its candidates hold together: paths and values as UTF-8.</summary>
    public const int MostBytes = 1024 * 1024;

    /// <summary><c>c-</c> and the version that opened it: no two conflicts of a record have the same.</summary>
    [Id(0)] public required string Id { get; init; }

    /// <summary>Rises from 1 with every change of the conflict, claims excepted.</summary>
    [Id(1)] public required long Revision { get; init; }
    [Id(2)] public required Timestamp OpenedAt { get; init; }

    /// <summary>Who works on it, if somebody does; past its end it counts no more.</summary>
    [Id(3)] public Claim? Claim { get; init; }

    /// <summary>The paths in conflict, in the order they came to be so.</summary>
    [Id(4)] public required IReadOnlyList<ConflictField> Fields { get; init; }

    /// <summary>The values that wait, in the order they came; at least one.</summary>
    [Id(5)] public required IReadOnlyList<Candidate> Candidates { get; init; }

    public ConflictField? Field(string path) => Fields.FirstOrDefault(field => field.Path == path);

    /// <summary>The conflict beside this live data (null: a tombstone): what its paths hold now.</summary>
    public Conflict Beside(byte[]? data) => this with { Fields = [.. Fields.Select(field => field with { Current = ValueAt(data, field.Path) })] };

    /// <summary>The conflict as it was when a version was made, from any later state of it.</summary>
    /// <param name="data">The live data of that version; null for a tombstone.</param>
    public Conflict AsOf(ConflictMark mark, byte[]? data)
    {
        var candidates = Candidates.Take(mark.Candidates).ToArray();
        var fields = Fields.Where(field => candidates.Any(candidate => candidate.Touches(field.Path)));
        var then = this with { Revision = mark.Revision, Claim = mark.Claim, Fields = [.. fields], Candidates = candidates };
        return then.Beside(data);
    }

    /// <summary>What history keeps to show the conflict as it was.</summary>
    public ConflictMark Mark => new(Id, Revision, Candidates.Count, Claim);

    /// <summary>About how many bytes of memory and of every answer it takes.</summary>
    public int Bytes => Candidates.Sum(candidate => candidate.Bytes)
        + Fields.Sum(one => one.Path.Length + (one.Base?.Length ?? 0) + (one.Current?.Length ?? 0));

    private static byte[]? ValueAt(byte[]? data, string path) =>
        data is null ? null
        : path.Length == 0 ? data
        : FieldPath.Parse(path).TryFind(data, out var value) ? value.ToArray() : null;
}

/// <summary>A path in conflict.</summary>
/// <param name="Base">What it held at the first candidate's base; null when there was no value, or it is not known.</param>
/// <param name="Current">What it holds now; null when there is no value.</param>
[GenerateSerializer, Immutable]
public sealed record ConflictField(
    [property: Id(0)] string Path, [property: Id(1)] byte[]? Base, [property: Id(2)] byte[]? Current);

/// <summary>A lease, so that two people do not work on the same conflict.</summary>
[GenerateSerializer, Immutable]
public sealed record Claim(
    [property: Id(0)] string Author, [property: Id(1)] string? Client, [property: Id(2)] Timestamp Until)
{
    public bool IsOf(string author, string? client) => Author == author && Client == client;
}

/// <summary>What one write wanted, as far as it waits for a person.</summary>
[GenerateSerializer, Immutable]
public sealed record Candidate
{
    /// <summary>Counts from 1 within its conflict.</summary>
    [Id(0)] public required int Id { get; init; }

    /// <summary>The write id, if the write had one.</summary>
    [Id(1)] public string? Write { get; init; }
    [Id(2)] public required string Author { get; init; }
    [Id(3)] public string? Client { get; init; }

    /// <summary>As it was sent; the server's, when it had none.</summary>
    [Id(4)] public required Timestamp Timestamp { get; init; }
    [Id(5)] public required WriteOp Op { get; init; }
    [Id(6)] public long? Base { get; init; }

    /// <summary>The values by path; the path <c>""</c> has the whole data that it leads to.</summary>
    [Id(7)] public IReadOnlyList<PathValue> Values { get; init; } = [];

    /// <summary>The paths it wants to have no value; <c>""</c> for a delete.</summary>
    [Id(8)] public IReadOnlyList<string> Removed { get; init; } = [];

    public bool Touches(string path) => Removed.Contains(path) || Value(path) is not null;

    /// <summary>The value it wants at a path; null when it removes it, or has nothing for it.</summary>
    public byte[]? Value(string path) => Values.FirstOrDefault(value => value.Path == path)?.Value;

    /// <summary>The bytes it holds: paths and values as UTF-8.</summary>
    public int Bytes =>
        Values.Sum(value => Encoding.UTF8.GetByteCount(value.Path) + value.Value.Length) + Removed.Sum(Encoding.UTF8.GetByteCount);
}

/// <summary>A value, as JSON text, and where it belongs.</summary>
[GenerateSerializer, Immutable]
public sealed record PathValue([property: Id(0)] string Path, [property: Id(1)] byte[] Value);

/// <summary>
/// How far a conflict had come when a version was made. Candidates and paths are only ever added, so that this and any later state of
/// the conflict give it as it was.
/// </summary>
[GenerateSerializer, Immutable]
public sealed record ConflictMark(
    [property: Id(0)] string Id, [property: Id(1)] long Revision, [property: Id(2)] int Candidates, [property: Id(3)] Claim? Claim);
