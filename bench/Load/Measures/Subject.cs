using System.Text.Json.Serialization;

namespace OrleansSync.Load.Measures;

/// <summary>Whom a measurement is of.</summary>
/// <param name="Version">As the package says; empty where there is none.</param>
internal sealed record Subject(string Name, string Version, Role Role);

/// <summary>What a measurement is in a comparison.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<Role>))]
internal enum Role
{
    /// <summary>This server.</summary>
    [JsonStringEnumMemberName("ours")]
    Ours,

    /// <summary>Another server, or this one under the condition that it is compared with.</summary>
    [JsonStringEnumMemberName("beside")]
    Beside,

    /// <summary>What the machine gives with no server in front of it.</summary>
    [JsonStringEnumMemberName("limit")]
    Limit,
}
