using System.Text.Json.Nodes;
using Microsoft.AspNetCore.SignalR;
using OrleansSync.Gateway.Tests.Feeds;

namespace OrleansSync.Gateway.Tests.SignalR;

/// <summary>The hub's stream of changes.</summary>
internal sealed class HubTransport(bool packed) : ITransport
{
    public async Task<IPageReader> Open(
        RunningGateway gateway, string collection, string? since, string? filter, int? limit, string? token)
    {
        var hub = await HubClient.Open(gateway, packed, token);
        var request = new JsonObject { ["collection"] = collection };
        if (since is not null) request["since"] = since;
        if (filter is not null) request["filter"] = JsonNode.Parse(filter);
        return new Reader(hub, request.ToJsonString());
    }

    private sealed class Reader : IPageReader
    {
        private readonly HubClient _hub;
        private readonly CancellationTokenSource _end = new();
        private readonly IAsyncEnumerator<JsonObject> _pages;

        public Reader(HubClient hub, string request)
        {
            _hub = hub;
            _pages = hub.Stream("Changes", request, _end.Token).GetAsyncEnumerator(_end.Token);
        }

        public async Task<Page> Next(CancellationToken cancel)
        {
            try
            {
                return await _pages.MoveNextAsync().AsTask().WaitAsync(cancel) ? Page.Of(_pages.Current) : throw new EndOfStreamException();
            }
            catch (HubException refused)
            {
                // "… HubException: code: detail"
                var words = refused.Message.Split(": ");
                throw new FeedEnded(words[Array.FindIndex(words, word => word.EndsWith("HubException", StringComparison.Ordinal)) + 1]);
            }
        }

        public async ValueTask DisposeAsync()
        {
            await _hub.DisposeAsync();
            _end.Dispose();
        }
    }
}

public abstract class FollowingOverTheHub(RunningGateway gateway, bool packed) : TransportContract(gateway)
{
    protected override ITransport Transport { get; } = new HubTransport(packed);

    protected override int MostOf(int limit) => 1000;
}

[Collection("gateway")]
public sealed class FollowingOverTheHubInJson(RunningGateway gateway) : FollowingOverTheHub(gateway, packed: false);

[Collection("gateway")]
public sealed class FollowingOverTheHubInMessagePack(RunningGateway gateway) : FollowingOverTheHub(gateway, packed: true);

[Collection("gateway")]
public sealed class FollowingPartitionsOverTheHubInJson(RunningGateway gateway) : PartitionedContract(gateway)
{
    protected override ITransport Transport { get; } = new HubTransport(packed: false);
}

[Collection("gateway")]
public sealed class FollowingPartitionsOverTheHubInMessagePack(RunningGateway gateway) : PartitionedContract(gateway)
{
    protected override ITransport Transport { get; } = new HubTransport(packed: true);
}
