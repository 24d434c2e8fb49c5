using System.Collections.Concurrent;
using System.Text.Json;
using Microsoft.AspNetCore.SignalR;
using StackExchange.Redis;

namespace OrleansSync.Load.Peers;

/// <summary>
/// The peer: what people write by hand today, a SignalR hub that keeps the newest value of each record and sends it to a group. Nothing is
/// compared, nothing is durable. With Redis the values are there, and its backplane carries the sends between the processes.
/// </summary>
internal static class SignalRPeer
{
    /// <param name="redis">host:port; null = alone.</param>
    public static async Task<int> Serve(string url, string? redis = null)
    {
        var builder = WebApplication.CreateBuilder();
        builder.WebHost.UseUrls(url);
        builder.Logging.ClearProviders();
        // A run is longer than the 30 s after which a silent client is dropped, and the generator's clients are silent.
        var signalR = builder.Services.AddSignalR(hub => hub.ClientTimeoutInterval = TimeSpan.FromHours(1));
        if (redis is null) builder.Services.AddSingleton<IValues, InMemory>();
        else
        {
            signalR.AddStackExchangeRedis(redis);
            builder.Services.AddSingleton<IValues>(new InRedis((await ConnectionMultiplexer.ConnectAsync(redis)).GetDatabase()));
        }

        await using var app = builder.Build();
        app.MapHub<PeerHub>("/hub");
        app.MapGet("/ready", () => "ready");
        await app.StartAsync();
        Console.WriteLine("ready");
        await app.WaitForShutdownAsync();
        return 0;
    }

    private interface IValues
    {
        Task Set(string record, JsonElement data);
        ValueTask<JsonElement?> Get(string record);
    }

    private sealed class InMemory : IValues
    {
        private readonly ConcurrentDictionary<string, JsonElement> _values = [];

        public Task Set(string record, JsonElement data)
        {
            _values[record] = data;
            return Task.CompletedTask;
        }

        public ValueTask<JsonElement?> Get(string record) => new(_values.TryGetValue(record, out var data) ? data : null);
    }

    private sealed class InRedis(IDatabase values) : IValues
    {
        public Task Set(string record, JsonElement data) => values.StringSetAsync(record, data.GetRawText());

        public async ValueTask<JsonElement?> Get(string record) =>
            await values.StringGetAsync(record) is { IsNull: false } data ? JsonElement.Parse((string)data!) : null;
    }

    private sealed class PeerHub(IHubContext<PeerHub> hub, IValues values) : Hub
    {
        public Task Join() => Groups.AddToGroupAsync(Context.ConnectionId, "all");

        public async Task Write(string record, JsonElement data)
        {
            await values.Set(record, data);
            await Clients.Group("all").SendAsync("change", record, data);
        }

        public ValueTask<JsonElement?> Get(string record) => values.Get(record);

        public async Task Flood(int inFlight)
        {
            var ended = Context.ConnectionAborted;
            await Task.WhenAll(Enumerable.Range(0, inFlight).Select(async writer =>
            {
                for (var number = 0; !ended.IsCancellationRequested; number++)
                    await hub.Clients.Group("all").SendAsync("change", $"r-{number % 1000}", number, Payload.Data(writer, number), CancellationToken.None);
            }));
        }
    }
}
