using System.Text.Json;
using OrleansSync.Protocol;

namespace OrleansSync.Grains.Merging;

/// <summary>
/// A rule of your own for concurrent values, registered with the silo (<see cref="CustomPolicyExtensions.AddCustomPolicy"/>) and named
/// <c>custom:name</c> in a collection's settings. It must be pure, the same question gives the same answer, on every node and every time, and
/// quick: the record's other writes wait for it. It is asked from many threads at once.
/// </summary>
public interface ICustomPolicy
{
    /// <summary>What stands after <c>custom:</c> in the settings: <c>^[a-z][a-z0-9_-]{0,62}$</c>, no other policy's.</summary>
    string Name { get; }

    /// <summary>
    /// The value the path is to have: one of the two, or one made of both; null removes it. Where this throws, or gives what data may not hold
    /// (protocol §2), the write is answered <c>internal</c> and changes nothing.
    /// </summary>
    JsonElement? Resolve(ContestedPath path);
}

/// <summary>A path that was changed by two writes that did not know of each other.</summary>
/// <param name="Path">Member names joined by <c>.</c>; empty for the whole record.</param>
/// <param name="Base">What the later writer was looking at; null when there was no value, or it is not known.</param>
public sealed record ContestedPath(string Path, JsonElement? Base, ContestedValue Current, ContestedValue Incoming);

/// <summary>One of the two values of a contested path, and who gave it when.</summary>
/// <param name="Value">Null when the path was removed.</param>
public sealed record ContestedValue(JsonElement? Value, Timestamp Timestamp, string Author);
