using Microsoft.AspNetCore.SignalR;

namespace OrleansSync.Load;

/// <summary>The peer: what people write by hand today, a SignalR hub that sends to a group. Nothing is stored, nothing is compared.</summary>
internal static class SignalRPeer
{
    public static async Task<int> Serve(string url)
    {
        var builder = WebApplication.CreateBuilder();
        builder.WebHost.UseUrls(url);
        builder.Logging.ClearProviders();
        builder.Services.AddSignalR();
        await using var app = builder.Build();
        app.MapHub<PeerHub>("/hub");
        app.MapGet("/ready", () => "ready");
        await app.RunAsync();
        return 0;
    }

    private sealed class PeerHub(IHubContext<PeerHub> hub) : Hub
    {
        public Task Join() => Groups.AddToGroupAsync(Context.ConnectionId, "all");

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
