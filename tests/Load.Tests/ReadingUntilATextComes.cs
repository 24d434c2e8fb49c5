using System.Net;
using System.Net.Sockets;
using System.Text;

namespace OrleansSync.Load.Tests;

public sealed class ReadingUntilATextComes : IDisposable
{
    private static readonly byte[] Text = "\"upToDate\":true"u8.ToArray();

    private readonly TcpListener _server = new(IPAddress.Loopback, 0);

    public ReadingUntilATextComes() => _server.Start();

    /// <summary>A reader begins with a buffer of 4,096 bytes and makes it larger.</summary>
    [Theory]
    [InlineData(0)]
    [InlineData(4_095)]
    [InlineData(4_088)]
    [InlineData(8_185)]
    [InlineData(300_000)]
    public async Task It_is_found_wherever_it_stands_also_cut_in_two(int before)
    {
        foreach (var cut in new[] { 1, Text.Length - 1, Text.Length })
        {
            var read = await Read(async sender =>
            {
                await sender.SendAsync(new byte[before]);
                await sender.SendAsync(Text.AsMemory(0, cut));
                await Task.Yield();
                await sender.SendAsync(Text.AsMemory(cut));
            });

            Assert.Equal(Encoding.ASCII.GetString(Text), Encoding.ASCII.GetString(read.Span[before..]));
        }
    }

    [Fact]
    public async Task It_is_not_waited_for_without_end() => await Assert.ThrowsAsync<IOException>(() => Read(async sender =>
    {
        var nothing = new byte[1024 * 1024];
        try
        {
            while (true) await sender.SendAsync(nothing);
        }
        catch (SocketException)
        {
            // The reader has left.
        }
    }));

    [Fact]
    public async Task A_connection_that_is_closed_before_ends_it() => await Assert.ThrowsAsync<IOException>(() => Read(sender => sender.SendAsync("else"u8.ToArray())));

    private async Task<ReadOnlyMemory<byte>> Read(Func<Socket, Task> send)
    {
        var sending = Serve(send);
        ReadOnlyMemory<byte> read;
        using (var socket = await RawSocket.Connect(((IPEndPoint)_server.LocalEndpoint).Port, "/"))
        {
            await socket.SendText("go");
            read = await socket.ReadUntil(Text);
        }

        await sending;
        return read;
    }

    /// <summary>Says yes to the upgrade, and sends when it is told to.</summary>
    private async Task Serve(Func<Socket, Task> send)
    {
        using var sender = await _server.AcceptSocketAsync();
        sender.NoDelay = true;
        var request = new byte[1024];
        await sender.ReceiveAsync(request);
        await sender.SendAsync("HTTP/1.1 101 Switching Protocols\r\n\r\n"u8.ToArray());
        await sender.ReceiveAsync(request);
        await send(sender);
    }

    public void Dispose() => _server.Dispose();
}
