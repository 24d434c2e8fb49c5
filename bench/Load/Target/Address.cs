namespace OrleansSync.Load;

/// <summary>Where a server listens. A port alone is one of this machine.</summary>
internal readonly record struct Address(string Host, int Port, bool Tls)
{
    public static implicit operator Address(int port) => new("127.0.0.1", port, Tls: false);

    public Uri Http => new($"{(Tls ? "https" : "http")}://{Host}:{Port}");
    public Uri WebSocket(string path) => new($"{(Tls ? "wss" : "ws")}://{Host}:{Port}{path}");

    /// <summary>Null where it is no http or https address.</summary>
    public static Address? Parse(string url) =>
        Uri.TryCreate(url, UriKind.Absolute, out var parsed) && parsed.Scheme is "http" or "https"
            ? new(parsed.IdnHost, parsed.Port, parsed.Scheme == "https")
            : null;

    public override string ToString() => $"{Host}:{Port}";
}
