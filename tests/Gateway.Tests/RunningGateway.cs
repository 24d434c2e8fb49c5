using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace OrleansSync.Gateway.Tests;

/// <summary>
/// The real process in this one: Kestrel on a free port, a silo, a database in a folder of its own. Shared by the tests of a collection,
/// which keep apart by using collections (of records) of their own: see <see cref="NewCollection"/>.
/// </summary>
public class RunningGateway : IAsyncLifetime
{
    private static int s_collections;

    private readonly string _data = Directory.CreateTempSubdirectory("orleanssync-").FullName;
    private WebApplication? _app;

    /// <summary>Settings as on the command line.</summary>
    protected virtual string[] Settings => [];

    public Uri BaseAddress { get; private set; } = null!;
    public HttpClient Http { get; private set; } = null!;
    public IServiceProvider Services => _app!.Services;

    /// <summary>The same address for a WebSocket.</summary>
    public Uri SocketAddress => new($"ws://{BaseAddress.Authority}/v1/socket");

    public async Task InitializeAsync()
    {
        _app = SyncServer.Build(["--Urls", "http://127.0.0.1:0", "--Data", _data, .. Settings]);
        await _app.StartAsync();
        BaseAddress = new(_app.Urls.First());
        Http = new() { BaseAddress = BaseAddress };
    }

    public async Task DisposeAsync()
    {
        Http?.Dispose();
        if (_app is not null)
        {
            await _app.StopAsync();
            await _app.DisposeAsync();
        }
        Directory.Delete(_data, recursive: true);
    }

    /// <summary>A collection's name that no other test uses.</summary>
    public static string NewCollection() => $"c{Interlocked.Increment(ref s_collections)}";

    /// <summary>Sends a request; headers are pairs of name and value, a null token sends none.</summary>
    public async Task<Reply> Send(HttpMethod method, string path, string? body = null, string? token = null, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(method, path);
        if (body is not null)
        {
            request.Content = new ByteArrayContent(Encoding.UTF8.GetBytes(body));
            request.Content.Headers.ContentType = new("application/json");
        }
        if (token is not null) request.Headers.Authorization = new("Bearer", token);
        foreach (var (name, value) in headers)
        {
            if (name == "Content-Type") request.Content!.Headers.ContentType = value.Length == 0 ? null : MediaTypeHeaderValue.Parse(value);
            else request.Headers.TryAddWithoutValidation(name, value);
        }
        using var response = await Http.SendAsync(request);
        return new((int)response.StatusCode, await response.Content.ReadAsStringAsync(), response.Headers, response.Content.Headers);
    }

    public Task<Reply> Get(string path, string? token = null, params (string, string)[] headers) => Send(HttpMethod.Get, path, null, token, headers);
    public Task<Reply> Put(string path, string body, string? token = null, params (string, string)[] headers) => Send(HttpMethod.Put, path, body, token, headers);
    public Task<Reply> Patch(string path, string body, string? token = null, params (string, string)[] headers) => Send(HttpMethod.Patch, path, body, token, headers);
    public Task<Reply> Post(string path, string body, string? token = null, params (string, string)[] headers) => Send(HttpMethod.Post, path, body, token, headers);
    public Task<Reply> Delete(string path, string? token = null, params (string, string)[] headers) => Send(HttpMethod.Delete, path, null, token, headers);

    /// <summary>Sends bytes as they are, for what an HTTP client would tidy up; the whole answer as text. Ask for Connection: close.</summary>
    public async Task<string> SendRaw(string request)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(BaseAddress.Host, BaseAddress.Port);
        await using var stream = client.GetStream();
        await stream.WriteAsync(Encoding.Latin1.GetBytes(request));
        using var reader = new StreamReader(stream, Encoding.UTF8);
        return await reader.ReadToEndAsync();
    }
}

/// <summary>An answer, read to its end.</summary>
public sealed record Reply(int Status, string Text, HttpResponseHeaders Headers, HttpContentHeaders Content)
{
    public JsonObject Json => JsonNode.Parse(Text)!.AsObject();
    public string? Code => (string?)Json["code"];
    public string? ETag => Headers.ETag?.ToString();
    public string? ContentType => Content.ContentType?.MediaType;

    public string? Header(string name) =>
        Headers.TryGetValues(name, out var values) || Content.TryGetValues(name, out values) ? string.Join(", ", values) : null;
}

/// <summary>A gateway that checks tokens signed with <see cref="Key"/>.</summary>
public sealed class GuardedGateway : RunningGateway
{
    public const string Key = "a key of the tests that has more than 32 bytes";

    protected override string[] Settings => ["--Auth:Key", Key];

    /// <summary>A token that holds for an hour, or until <paramref name="expires"/>.</summary>
    public static string TokenFor(string? sub, string[]? roles = null, DateTime? expires = null, string key = Key, string algorithm = "HS256", bool expiring = true)
    {
        var claims = new Dictionary<string, object>();
        if (sub is not null) claims["sub"] = sub;
        if (roles is not null) claims["roles"] = roles;
        var handler = new JsonWebTokenHandler { SetDefaultTimesOnTokenCreation = false };
        return handler.CreateToken(new SecurityTokenDescriptor
        {
            Claims = claims,
            Expires = expiring ? expires ?? DateTime.UtcNow.AddHours(1) : null,
            SigningCredentials = new(new SymmetricSecurityKey(Encoding.UTF8.GetBytes(key)), algorithm),
        });
    }
}

[CollectionDefinition("gateway")]
public sealed class SharedGateway : ICollectionFixture<RunningGateway>;

[CollectionDefinition("guarded gateway")]
public sealed class SharedGuardedGateway : ICollectionFixture<GuardedGateway>;
