using System.Net.Sockets;

namespace OrleansSync.Load.Techniques;

/// <summary>The connections of one client, HTTP or WebSocket: counts every byte that comes in, with headers, framing and TLS.</summary>
internal sealed class Wire : IDisposable
{
    private long _received;

    public Wire() => Handler = new() { ConnectCallback = Connect, UseCookies = false };

    public SocketsHttpHandler Handler { get; }

    public long Received => Volatile.Read(ref _received);

    private async ValueTask<Stream> Connect(SocketsHttpConnectionContext context, CancellationToken stop)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(context.DnsEndPoint, stop);
            return new Counted(socket, this);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    public void Dispose() => Handler.Dispose();

    private sealed class Counted(Socket socket, Wire wire) : NetworkStream(socket, ownsSocket: true)
    {
        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            Count(await base.ReadAsync(buffer, cancellationToken));

        public override int Read(Span<byte> buffer) => Count(base.Read(buffer));

        private int Count(int read)
        {
            Interlocked.Add(ref wire._received, read);
            return read;
        }
    }
}
