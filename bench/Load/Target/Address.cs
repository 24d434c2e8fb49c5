namespace OrleansSync.Load;

/// <summary>Where a server listens, and as whom it is spoken to. A port alone is one of this machine.</summary>
internal readonly record struct Address(string Host, int Port, bool Tls)
{
    public static implicit operator Address(int port) => new("127.0.0.1", port, Tls: false);

    /// <summary>Sent with every request and every upgrade to WebSocket; null = anonymous.</summary>
    public string? Token { get; init; }

    /// <summary>The header that carries the token, as it stands in a request; null = there is none.</summary>
    public string? Authorization => Token is null ? null : $"Bearer {Token}";

    public Uri Http => new($"{(Tls ? "https" : "http")}://{Host}:{Port}");
    public Uri WebSocket(string path) => new($"{(Tls ? "wss" : "ws")}://{Host}:{Port}{path}");

    /// <summary>Of HTTP, as whoever the token names.</summary>
    /// <param name="over">Stays the caller's; null = one of its own.</param>
    public HttpClient Client(HttpMessageHandler? over = null)
    {
        var http = over is null ? new HttpClient() : new HttpClient(over, disposeHandler: false);
        http.BaseAddress = Http;
        if (Authorization is { } header) http.DefaultRequestHeaders.Add("Authorization", header);
        return http;
    }

    /// <summary>Null where it is no http or https address.</summary>
    public static Address? Parse(string url) =>
        Uri.TryCreate(url, UriKind.Absolute, out var parsed) && parsed.Scheme is "http" or "https"
            ? new(parsed.IdnHost, parsed.Port, parsed.Scheme == "https")
            : null;

    public override string ToString() => $"{Host}:{Port}";
}
