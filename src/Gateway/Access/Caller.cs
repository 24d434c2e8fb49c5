using OrleansSync.Protocol;

namespace OrleansSync.Gateway.Access;

/// <summary>Who is asking: read from a verified token, or nobody in particular.</summary>
internal sealed record Caller
{
    public static readonly Caller Anonymous = new() { Author = Write.Anonymous, Authenticated = false };

    /// <summary>The token's <c>sub</c>, or <c>anonymous</c>.</summary>
    public required string Author { get; init; }
    public required bool Authenticated { get; init; }
    public IReadOnlyList<string> Roles { get; init; } = [];

    /// <summary>When the token ends, and with it every stream that it opened; null = never.</summary>
    public DateTimeOffset? Expires { get; init; }

    public bool IsAdmin => Roles.Contains("admin");
}
