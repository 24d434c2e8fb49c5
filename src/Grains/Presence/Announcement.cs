namespace OrleansSync.Grains.Presence;

/// <summary>What somebody lets others know about a record they look at or edit. Checked at the edge.</summary>
[GenerateSerializer, Immutable]
public sealed record Announcement
{
    /// <summary>Most paths.</summary>
    public const int MostFields = 64;

    /// <summary>Most characters of all paths together.</summary>
    public const int MostFieldCharacters = 4096;

    /// <summary>Most bytes of the minified state.</summary>
    public const int MostStateBytes = 4096;

    [Id(0)] public required string Author { get; init; }
    [Id(1)] public string? Client { get; init; }

    /// <summary>Paths that they are at; null when they did not say.</summary>
    [Id(2)] public IReadOnlyList<string>? Fields { get; init; }

    /// <summary>Whatever else they want to show: JSON text of any value, null when there is none.</summary>
    [Id(3)] public byte[]? State { get; init; }

    /// <summary>About what it takes of memory and of every answer.</summary>
    public int Bytes
    {
        get
        {
            var bytes = 256 + Author.Length + (Client?.Length ?? 0) + (State?.Length ?? 0);
            for (var i = 0; i < Fields?.Count; i++) bytes += 8 + Fields[i].Length;
            return bytes;
        }
    }
}
