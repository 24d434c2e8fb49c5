using System.Text;

namespace OrleansSync.Load;

/// <summary>A client that follows and counts what it is sent.</summary>
internal sealed class Subscriber(RawSocket socket, byte[] delivery) : IDisposable
{
    private readonly TextCounter _deliveries = new(delivery);

    public long Deliveries { get; private set; }

    /// <summary>Called with each piece that arrives, before it is counted.</summary>
    public Action<ReadOnlyMemory<byte>>? Arrived { get; set; }

    public static Task<Subscriber> ToFeed(Address address) => ToFeed(address, "bench", null, "\"type\":\"upsert\"");

    /// <param name="filter">As JSON; null = none.</param>
    /// <param name="delivery">What is counted as one.</param>
    public static async Task<Subscriber> ToFeed(Address address, string collection, string? filter, string delivery)
    {
        var socket = await RawSocket.Connect(address, "/v1/socket");
        await socket.SendText("""{"type":"hello","version":1}""");
        await socket.ReadUntil("\"welcome\""u8.ToArray());
        await socket.SendText($$"""{"type":"subscribe","ref":1,"collection":"{{collection}}",{{(filter is null ? "" : $"\"filter\":{filter},")}}"since":"now"}""");
        await socket.ReadUntil("\"upToDate\":true"u8.ToArray());
        return new(socket, Encoding.UTF8.GetBytes(delivery));
    }

    public async Task Run()
    {
        var buffer = new byte[32 * 1024];
        try
        {
            while (await socket.Receive(buffer) is > 0 and var read)
            {
                Arrived?.Invoke(buffer.AsMemory(0, read));
                Deliveries += _deliveries.Count(buffer.AsSpan(0, read));
            }
        }
        catch (Exception closed) when (closed is IOException or System.Net.Sockets.SocketException or ObjectDisposedException)
        {
        }
    }

    public void Dispose() => socket.Dispose();
}
