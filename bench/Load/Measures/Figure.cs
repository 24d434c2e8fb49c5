using System.Text.Json.Serialization;

namespace OrleansSync.Load.Measures;

/// <summary>One number that came out.</summary>
internal sealed record Figure(string Name, double Value, string Unit, Better Better);

/// <summary>Which way is the good one.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<Better>))]
internal enum Better
{
    [JsonStringEnumMemberName("higher")]
    Higher,

    [JsonStringEnumMemberName("lower")]
    Lower,
}
