namespace OrleansSync.Silo;

/// <summary>What a silo must be told. Every property has its default beside it; names are those of protocol §12.</summary>
public sealed record SiloSettings
{
    /// <summary>sqlite = one process and one file; postgres = any number of silos on one database.</summary>
    public string Store { get; init; } = "sqlite";

    /// <summary>Directory of the SQLite file; created when missing.</summary>
    public string Data { get; init; } = "./data";

    /// <summary>Connection string of the PostgreSQL database: of the records, and of who is a member of the cluster.</summary>
    public string? Postgres { get; init; }

    /// <summary>Members with the same name form one cluster.</summary>
    public string ClusterId { get; init; } = "orleanssync";

    /// <summary>Under which name a cluster, and every later one in its place, keeps its subscriptions.</summary>
    public string ServiceId { get; init; } = "orleanssync";

    /// <summary>Address under which other members of the cluster reach this silo.</summary>
    public string Address { get; init; } = "127.0.0.1";

    /// <summary>Port for other silos; 0 = a free one, null = 11111 with postgres, else a free one.</summary>
    public int? SiloPort { get; init; }

    /// <summary>Port for gateways of other processes; 0 = a free one, null = 30000 with postgres, else a free one.</summary>
    public int? GatewayPort { get; init; }

    /// <summary>Whether Kubernetes is asked which pods there are, so that a silo whose pod is gone is known to be dead at once.</summary>
    public bool Kubernetes { get; init; }

    /// <summary>Bytes of a record's data; 0 = no limit.</summary>
    public int DataBytes { get; init; } = 256 * 1024;

    /// <summary>How far a write's timestamp may be ahead of this silo's clock.</summary>
    public TimeSpan ClockDrift { get; init; } = TimeSpan.FromSeconds(60);

    internal bool IsCluster => Store == "postgres";
}
