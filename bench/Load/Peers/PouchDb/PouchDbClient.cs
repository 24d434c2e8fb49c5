using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;

namespace OrleansSync.Load.Peers;

/// <summary>Reads and writes documents over HTTP; a write names the revision that it replaces.</summary>
internal sealed class PouchDbClient(int port) : IDisposable
{
    private readonly HttpClient _http = new(new SocketsHttpHandler { MaxConnectionsPerServer = 1024 }) { BaseAddress = new($"http://127.0.0.1:{port}/bench/") };

    /// <returns>The new revision; null = refused, somebody else was faster.</returns>
    public async Task<string?> Put(string id, string? revision, byte[] data)
    {
        var replaces = revision is null ? "{"u8.ToArray() : System.Text.Encoding.UTF8.GetBytes($"{{\"_rev\":\"{revision}\",");
        using var body = new ByteArrayContent([.. replaces, .. data.AsSpan(1)]);
        body.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        using var answer = await _http.PutAsync(id, body);
        if (answer.StatusCode == HttpStatusCode.Conflict) return null;
        answer.EnsureSuccessStatusCode();
        using var json = await JsonDocument.ParseAsync(await answer.Content.ReadAsStreamAsync());
        return json.RootElement.GetProperty("rev").GetString();
    }

    /// <returns>Revision null where there is no such document.</returns>
    public async Task<(string? Revision, long Count)> Get(string id)
    {
        using var answer = await _http.GetAsync(id);
        if (answer.StatusCode == HttpStatusCode.NotFound) return (null, 0);
        answer.EnsureSuccessStatusCode();
        using var json = await JsonDocument.ParseAsync(await answer.Content.ReadAsStreamAsync());
        return (json.RootElement.GetProperty("_rev").GetString(), json.RootElement.TryGetProperty("count", out var count) ? count.GetInt64() : 0);
    }

    public void Dispose() => _http.Dispose();
}
