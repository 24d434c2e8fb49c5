using OrleansSync.Silo;

namespace OrleansSync.Gateway.Settings;

/// <summary>Everything an operator may set, each with its default beside it (protocol §12). Read once at start by <see cref="SettingsFrom"/>.</summary>
internal sealed record ServerSettings
{
    public string Urls { get; init; } = "http://127.0.0.1:5080";

    /// <summary>all = silo and gateway in one process; gateway = the edge alone.</summary>
    public string Role { get; init; } = "all";

    /// <summary>The silo in this process; of a gateway alone, where those of others are found.</summary>
    public SiloSettings Silo { get; init; } = new();
    public AuthSettings Auth { get; init; } = new();
    public AccessSettings Access { get; init; } = new();

    /// <summary>Origins that browsers may come from; empty = any localhost.</summary>
    public IReadOnlyList<string> Origins { get; init; } = [];
    public LimitSettings Limits { get; init; } = new();

    /// <summary>Whether a collection comes into being by its first write.</summary>
    public bool CreateOnWrite { get; init; } = true;

    public bool RunsSilo => Role == "all";
}

/// <summary>Who signs tokens. Neither a key nor an authority: everybody is anonymous and may do what the lists allow.</summary>
internal sealed record AuthSettings
{
    public string? Key { get; init; }
    public string? Authority { get; init; }
    public string? Audience { get; init; }

    /// <summary>True once callers can show who they are.</summary>
    public bool Required => Key is not null || Authority is not null;
}

/// <summary>Who may read, write and resolve where a collection does not say; null = * without a key or authority, else authenticated.</summary>
internal sealed record AccessSettings
{
    public IReadOnlyList<string>? Read { get; init; }
    public IReadOnlyList<string>? Write { get; init; }
    public IReadOnlyList<string>? Resolve { get; init; }
}

/// <summary>What one request, frame, process may ask for. In the settings 0 = off; here off is <see cref="int.MaxValue"/>.</summary>
internal sealed record LimitSettings
{
    /// <summary>Bytes of a record's data, also of what a patch leads to.</summary>
    public int DataBytes { get; init; } = 256 * 1024;

    /// <summary>Bytes of a request body.</summary>
    public int BodyBytes { get; init; } = 4 * 1024 * 1024;

    /// <summary>Bytes of a WebSocket or SignalR frame.</summary>
    public int FrameBytes { get; init; } = 4 * 1024 * 1024;

    /// <summary>Writes of one batch.</summary>
    public int Writes { get; init; } = 500;

    /// <summary>Changes of one feed page, and records or history entries of one list page.</summary>
    public int Changes { get; init; } = 1000;

    /// <summary>Subscriptions of one connection.</summary>
    public int Subscriptions { get; init; } = 100;

    /// <summary>Open connections of this process.</summary>
    public int Connections { get; init; } = 10_000;
}
