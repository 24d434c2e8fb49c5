namespace OrleansSync.Protocol;

/// <summary>A person's decision on the open conflict of a record (protocol §6), checked at the edge.</summary>
[GenerateSerializer, Immutable]
public sealed record Resolution
{
    /// <summary>Most characters of a note.</summary>
    public const int MostNote = 4096;

    /// <summary>The id of the conflict that was looked at, if it is told: a conflict that was opened anew counts its revisions from 1 again.</summary>
    [Id(0)] public string? Conflict { get; init; }

    /// <summary>The revision that was looked at.</summary>
    [Id(1)] public required long Expect { get; init; }

    /// <summary>What is to stand, path by path; what is left out keeps its current value. No path twice.</summary>
    [Id(2)] public required IReadOnlyList<Choice> Choices { get; init; }
    [Id(3)] public string? Note { get; init; }

    /// <summary>True where nobody decided in time: the latest of all values stands.</summary>
    [Id(4)] public bool ByTimestamp { get; init; }

    /// <summary>The author of resolutions that nobody made in time.</summary>
    public const string Server = "orleanssync";
}

/// <summary>What is to stand at one path of a conflict.</summary>
/// <param name="Candidate">For <see cref="Taking.Candidate"/>: which one.</param>
/// <param name="Value">For <see cref="Taking.Value"/>: minified JSON text.</param>
[GenerateSerializer, Immutable]
public sealed record Choice(
    [property: Id(0)] string Path, [property: Id(1)] Taking Take, [property: Id(2)] int Candidate = 0, [property: Id(3)] byte[]? Value = null);

public enum Taking : byte
{
    /// <summary>What stands.</summary>
    Current,
    /// <summary>What a candidate wanted.</summary>
    Candidate,
    /// <summary>Another value.</summary>
    Value,
    /// <summary>No value.</summary>
    Remove,
}

/// <summary>What a resolution's history entry keeps of the conflict it closed.</summary>
/// <param name="Conflict">As it was just before.</param>
/// <param name="Discarded">The ids of the candidates of which not everything was taken.</param>
[GenerateSerializer, Immutable]
public sealed record Settlement(
    [property: Id(0)] Conflict Conflict, [property: Id(1)] IReadOnlyList<int> Discarded, [property: Id(2)] string? Note);
