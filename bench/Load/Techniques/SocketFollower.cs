using OrleansSync.Load.Peers;

namespace OrleansSync.Load.Techniques;

/// <summary>The plain WebSocket: one connection, and each page a message.</summary>
internal sealed class SocketFollower(Address address, string collection, Holdings holdings) : Follower(address, collection, holdings)
{
    private static readonly byte[] UpToDate = "\"upToDate\":true"u8.ToArray();

    private Conversation? _socket;

    public override async Task Join()
    {
        Asked();
        _socket = await Conversation.Open(Address, "/v1/socket", new HttpMessageInvoker(Wire.Handler, disposeHandler: false));
        await _socket.Send("""{"type":"hello","version":1}""");
        await _socket.Send($$"""{"type":"subscribe","ref":1,"collection":"{{Collection}}","since":"now"}""");
        await _socket.Next(UpToDate);
    }

    protected override async Task Follow(CancellationToken stop)
    {
        using var end = stop.Register(_socket!.Dispose);
        while (!stop.IsCancellationRequested) Holdings.Take((await _socket.Next()).Span);
    }

    public override void Dispose()
    {
        _socket?.Dispose();
        base.Dispose();
    }
}
