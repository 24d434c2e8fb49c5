using System.Text.Json;
using System.Text.Json.Serialization;

namespace OrleansSync.Load.Report;

/// <summary>The report for machines, camelCase; members that do not apply are left out.</summary>
[JsonSourceGenerationOptions(
    WriteIndented = true,
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(LoadReport))]
internal sealed partial class ReportJson : JsonSerializerContext
{
    public static string Write(LoadReport report) => JsonSerializer.Serialize(report, Default.LoadReport);

    public static LoadReport Read(string json) => JsonSerializer.Deserialize(json, Default.LoadReport) ?? throw new JsonException("There is no report in it.");
}
