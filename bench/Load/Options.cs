using OrleansSync.Load.Peers;

namespace OrleansSync.Load;

/// <summary>What a run is told on the command line. A scenario says which of them it takes, and what they are if nothing is said.</summary>
internal sealed record Options
{
    public int Seconds { get; init; } = 10;
    public int WarmUpSeconds { get; init; } = 10;

    /// <summary>Of every random choice: the same seed writes the same records in the same order.</summary>
    public int Seed { get; init; } = 1;

    public int Records { get; init; } = 1000;
    public int Subscribers { get; init; } = 5000;

    /// <summary>0 = each of the usual ones.</summary>
    public int InFlight { get; init; }

    /// <summary>Writes a second, where they have a pace.</summary>
    public int Rate { get; init; } = 50;

    /// <summary>How writes come in a fan-out; 0 = in each of the ways.</summary>
    public int Mode { get; init; }

    /// <summary>Seconds without anything to do.</summary>
    public int Rest { get; init; } = 240;

    /// <summary>What a collection grows to.</summary>
    public int MostRecords { get; init; } = 100_000;

    /// <summary>What a feed grows to.</summary>
    public int MostSubscribers { get; init; } = 16_000;

    /// <summary>Clients that work on one thing together.</summary>
    public int Clients { get; init; } = 32;

    /// <summary>Seconds from one look to the next, for those who look again and again.</summary>
    public int Interval { get; init; } = 2;

    /// <summary>Processes that share the connections of the load.</summary>
    public int Generators { get; init; } = 1;

    /// <summary>Changes that were missed.</summary>
    public int Changes { get; init; } = 1000;

    /// <summary>A deployment that runs already; null = a server is started.</summary>
    public Address? Target { get; init; }

    /// <summary>Where the report goes; null = there is none.</summary>
    public string? Output { get; init; }

    /// <summary>How the names of those measured beside it begin; null = as the scenario has it.</summary>
    public IReadOnlyList<string>? Peers { get; init; }

    public TimeSpan Time => TimeSpan.FromSeconds(Seconds);
    public TimeSpan WarmUp => TimeSpan.FromSeconds(WarmUpSeconds);

    /// <summary>Ours, or the deployment named.</summary>
    public IContender Ours => Target is { } address ? new TargetContender(address) : Contenders.All[0];

    /// <summary>Those beside it.</summary>
    /// <param name="usual">Whom the scenario has beside it if nobody is named.</param>
    public IReadOnlyList<IContender> Beside(params string[] usual) => [.. (Peers ?? usual).SelectMany(Named).Distinct()];

    /// <summary>Ours, what the transport carries with nothing behind it unless ours runs elsewhere, and those beside it.</summary>
    /// <param name="usual">As of <see cref="Beside"/>.</param>
    public IReadOnlyList<IContender> WithLimit(params string[] usual) => [.. new[] { Ours }.Concat(Target is null ? [Contenders.Transport] : []).Concat(Beside(usual)).Distinct()];

    /// <summary>The one of that name, else all whose names begin so.</summary>
    private static IEnumerable<IContender> Named(string name)
    {
        var peers = Contenders.All.Skip(1).Where(peer => name == "all" || peer.Name.StartsWith(name, StringComparison.OrdinalIgnoreCase)).ToArray();
        return peers.FirstOrDefault(peer => peer.Name.Equals(name, StringComparison.OrdinalIgnoreCase)) is { } exact ? [exact] : peers;
    }

    /// <summary>A generator of random numbers of its own for each who needs one.</summary>
    public Random Random(int index) => new(Seed * 7919 + index);
}
