namespace OrleansSync.Grains.Records;

/// <summary>What a write may lead to.</summary>
public sealed record RecordLimits
{
    /// <summary>Bytes of a record's data, also as a patch leads to; 0 = off.</summary>
    public int DataBytes { get; init; } = 256 * 1024;

    /// <summary>How far a write's timestamp may be ahead of the server's clock.</summary>
    public TimeSpan ClockDrift { get; init; } = TimeSpan.FromSeconds(60);
}
