namespace OrleansSync.Silo;

/// <summary>What a silo must be told. Every property has its default beside it; names are those of protocol §12.</summary>
public sealed record SiloSettings
{
    /// <summary>Directory of the SQLite file; created when missing.</summary>
    public string Data { get; init; } = "./data";

    /// <summary>Address under which other members of the cluster reach this silo.</summary>
    public string Address { get; init; } = "127.0.0.1";

    /// <summary>Port for other silos and port for clients; 0 = any free one.</summary>
    public int SiloPort { get; init; }
    public int GatewayPort { get; init; }

    /// <summary>Bytes of a record's data; 0 = no limit.</summary>
    public int DataBytes { get; init; } = 256 * 1024;

    /// <summary>How far a write's timestamp may be ahead of this silo's clock.</summary>
    public TimeSpan ClockDrift { get; init; } = TimeSpan.FromSeconds(60);
}
