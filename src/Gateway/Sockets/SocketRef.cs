using System.Text.Json;
using OrleansSync.Protocol;

namespace OrleansSync.Gateway.Sockets;

/// <summary>The <c>ref</c> of a request: a number of the client's, echoed as it was written; empty = it gave none.</summary>
internal readonly record struct SocketRef(byte[]? Number)
{
    private const int MaxLength = 32;

    /// <summary>Reads it; throws <see cref="RefusedException"/> (malformed) where it is no number.</summary>
    public static SocketRef Of(JsonMembers members)
    {
        if (!members.TryGet("ref", out var raw)) return default;
        var reader = new Utf8JsonReader(raw.Span, new JsonReaderOptions { MaxDepth = int.MaxValue });
        if (raw.Length > MaxLength || !reader.Read() || reader.TokenType != JsonTokenType.Number)
            throw new RefusedException(Codes.Malformed, $"'ref' must be a number of at most {MaxLength} characters.");
        return new(raw.ToArray());
    }
}
