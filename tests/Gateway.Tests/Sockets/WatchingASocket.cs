using System.IO.Pipelines;
using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using OrleansSync.Gateway.Access;
using OrleansSync.Gateway.Settings;
using OrleansSync.Gateway.Sockets;

namespace OrleansSync.Gateway.Tests.Sockets;

/// <summary>What a socket does by itself as time passes, tick by tick.</summary>
public sealed class WatchingASocket : IAsyncLifetime
{
    private static readonly DateTimeOffset Now = new(2026, 11, 24, 5, 35, 12, TimeSpan.Zero);
    private static readonly byte[] Heartbeat = Frame.Of(Opcode.Text, "beat"u8);

    private readonly Pipe _toServer = new();
    private readonly Pipe _toClient = new(new PipeOptions(pauseWriterThreshold: 4096, resumeWriterThreshold: 1024));
    private readonly List<string> _cut = [];
    private SocketConnection _socket = null!;
    private Task _running = null!;

    public Task InitializeAsync()
    {
        var doors = new SocketDoors(
            null!, null!, new CallerReader(new ServerSettings(), TimeProvider.System), new ServerSettings(), TimeProvider.System,
            NullLogger<SocketConnection>.Instance);
        _socket = new(new Duplex(_toServer.Reader.AsStream(), _toClient.Writer.AsStream()), doors, Caller.Anonymous, Cut);
        _running = _socket.Run();
        return Task.CompletedTask;
    }

    public async Task DisposeAsync()
    {
        await _toServer.Writer.CompleteAsync();
        await _toClient.Reader.CompleteAsync();
        await _running.WaitAsync(TimeSpan.FromSeconds(10));
        _socket.Dispose();
    }

    [Fact]
    public async Task Without_hello_it_is_closed_with_4408_after_ten_seconds()
    {
        Tick(10);
        Assert.False(_socket.Outbox.Closed);

        Tick(1);

        Assert.Equal((Opcode.Close, 4408), CloseOf(await Next()));
    }

    [Fact]
    public async Task A_quiet_socket_gets_a_heartbeat_every_15_s()
    {
        await Greet();
        Tick(14);
        Assert.False(_toClient.Reader.TryRead(out _));

        Tick(1);
        Assert.Equal("beat", Encoding.UTF8.GetString((await Next()).Payload));
        Tick(14);
        Assert.False(_toClient.Reader.TryRead(out _));
        Tick(1);
        Assert.Equal("beat", Encoding.UTF8.GetString((await Next()).Payload));
    }

    [Fact]
    public async Task A_busy_socket_gets_none()
    {
        await Greet();
        for (var i = 0; i < 3; i++)
        {
            Tick(10);
            await _toServer.Writer.WriteAsync(ClientFrame.Text("""{"type":"ping"}"""));
            Assert.Contains("pong", Encoding.UTF8.GetString((await Next()).Payload));
        }
    }

    [Fact]
    public async Task Who_takes_nothing_for_45_s_is_cut_off()
    {
        await Greet();
        _socket.Outbox.Append(Frame.Of(Opcode.Text, new byte[8192]));

        Tick(44);
        Assert.Empty(_cut);
        Tick(1);

        Assert.Equal(["cut"], _cut);
    }

    [Fact]
    public async Task Who_does_not_answer_a_close_is_cut_off_after_5_s()
    {
        await Greet();
        _socket.Close(CloseCode.Normal, "bye");
        await Next();

        Tick(5);
        Assert.Empty(_cut);
        Tick(1);

        Assert.Equal(["cut"], _cut);
    }

    [Fact]
    public async Task A_restart_takes_nothing_more_and_closes_with_1012()
    {
        await Greet();

        await _socket.Restart(TimeSpan.FromSeconds(10));

        Assert.Equal((Opcode.Close, 1012), CloseOf(await Next()));
    }

    private async Task Greet()
    {
        await _toServer.Writer.WriteAsync(ClientFrame.Text("""{"type":"hello","version":1}"""));
        Assert.Contains("welcome", Encoding.UTF8.GetString((await Next()).Payload));
        // The ticks count from what was said last.
        while (_socket.Outbox.Pending > 0) await Task.Yield();
    }

    private void Tick(int count)
    {
        for (var i = 0; i < count; i++) _socket.Tick(Now, Heartbeat);
    }

    private void Cut()
    {
        _cut.Add("cut");
        _toServer.Writer.CancelPendingFlush();
    }

    private async Task<(Opcode Opcode, byte[] Payload)> Next()
    {
        var header = await _toClient.Reader.ReadAtLeastAsync(2);
        var bytes = header.Buffer.FirstSpan;
        var (opcode, length, start) = ((Opcode)(bytes[0] & 15), (int)bytes[1], 2);
        _toClient.Reader.AdvanceTo(header.Buffer.Start);
        if (length == 126) start = 4;
        var whole = await _toClient.Reader.ReadAtLeastAsync(start);
        if (length == 126) length = (whole.Buffer.FirstSpan[2] << 8) | whole.Buffer.FirstSpan[3];
        _toClient.Reader.AdvanceTo(whole.Buffer.Start);
        whole = await _toClient.Reader.ReadAtLeastAsync(start + length);
        var payload = System.Buffers.BuffersExtensions.ToArray(whole.Buffer.Slice(start, length));
        _toClient.Reader.AdvanceTo(whole.Buffer.GetPosition(start + length));
        return (opcode, payload);
    }

    private static (Opcode, int) CloseOf((Opcode Opcode, byte[] Payload) frame) =>
        (frame.Opcode, (frame.Payload[0] << 8) | frame.Payload[1]);

    /// <summary>What the upgrade gives: one stream for both ways.</summary>
    private sealed class Duplex(Stream read, Stream write) : Stream
    {
        public override bool CanRead => true;
        public override bool CanSeek => false;
        public override bool CanWrite => true;
        public override long Length => throw new NotSupportedException();
        public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancel = default) => read.ReadAsync(buffer, cancel);
        public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancel = default) => write.WriteAsync(buffer, cancel);
        public override void Flush() { }
        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();
        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();
        public override void SetLength(long value) => throw new NotSupportedException();
        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
