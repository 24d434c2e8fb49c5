using System.Text.Json;
using System.Text.Json.Serialization;

namespace OrleansSync.Load.Generators;

/// <summary>One line a message.</summary>
internal static class JsonLine
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull };

    public static string Of<T>(T message) => JsonSerializer.Serialize(message, Json);

    public static T Read<T>(string line) => JsonSerializer.Deserialize<T>(line, Json) ?? throw new FormatException("A line of null.");
}
