using System.Text.Json;
using System.Text.Json.Serialization;
using OrleansSync.Load.Report;

namespace OrleansSync.Load.Guard;

/// <summary><c>bench/ratios.json</c>: what is run, how often, and the ratios that came out when they were last kept.</summary>
internal sealed record RatioFile
{
    /// <summary>When the values were seen, and where; missing before the first time.</summary>
    public DateTimeOffset? Date { get; init; }

    public Machine? Machine { get; init; }

    /// <summary>How often each run is made: ours, beside, ours, beside … The median counts.</summary>
    public required int Turns { get; init; }

    /// <summary>Options that every run has.</summary>
    public required string EveryRun { get; init; }

    public required IReadOnlyList<KeptRatio> Ratios { get; init; }

    /// <summary>Each once, complete, in the order of the ratios.</summary>
    public IReadOnlyList<string> Runs => [.. Ratios.Select(ratio => ratio.Run).Distinct()];

    public static async Task<RatioFile> Read(string path) =>
        JsonSerializer.Deserialize(await File.ReadAllTextAsync(path), RatioJson.Default.RatioFile) ?? throw new JsonException($"There is nothing in {path}.");

    public Task Write(string path) => File.WriteAllTextAsync(path, JsonSerializer.Serialize(this, RatioJson.Default.RatioFile) + "\n");

    /// <summary>With what was seen in place of what was kept; where nothing was seen the old value stays.</summary>
    public RatioFile With(IReadOnlyList<RatioCheck> seen, DateTimeOffset date, Machine machine) =>
        this with { Date = date, Machine = machine, Ratios = [.. seen.Select(check => check.Kept with { Value = check.Rounded ?? check.Kept.Value })] };
}

[JsonSourceGenerationOptions(
    WriteIndented = true,
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    IgnoreReadOnlyProperties = true)]
[JsonSerializable(typeof(RatioFile))]
internal sealed partial class RatioJson : JsonSerializerContext;
