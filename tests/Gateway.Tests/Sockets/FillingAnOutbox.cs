using System.Text;
using OrleansSync.Gateway.Sockets;

namespace OrleansSync.Gateway.Tests.Sockets;

public class FillingAnOutbox
{
    [Fact]
    public void A_frame_leaves_at_once_while_nothing_is_under_way()
    {
        var peer = new Peer();
        var outbox = new Outbox(peer);

        outbox.Append("one"u8);

        Assert.Equal(["one"], peer.Writes);
        Assert.Equal(0, outbox.Pending);
    }

    [Fact]
    public void What_is_appended_during_a_write_leaves_together_with_the_next()
    {
        var peer = new Peer { Reading = false };
        var outbox = new Outbox(peer);

        outbox.Append("one"u8);
        outbox.Append("two"u8);
        outbox.Append("three"u8);
        peer.ReadOn();

        Assert.Equal(["one", "twothree"], peer.Writes);
    }

    [Fact]
    public void What_is_added_leaves_when_it_is_flushed()
    {
        var peer = new Peer();
        var outbox = new Outbox(peer);

        outbox.Add("one"u8.ToArray());
        outbox.Add("two"u8.ToArray());
        Assert.Empty(peer.Writes);
        outbox.Flush();

        Assert.Equal(["onetwo"], peer.Writes);
    }

    [Fact]
    public void Large_and_small_frames_keep_their_order()
    {
        var peer = new Peer { Reading = false };
        var outbox = new Outbox(peer);
        var sent = new StringBuilder();

        for (var i = 0; i < 60; i++)
        {
            var text = new string((char)('a' + (i % 26)), 1 + (i * 977 % 30_000));
            sent.Append(text);
            if (i % 2 == 0) outbox.Append(Encoding.ASCII.GetBytes(text));
            else outbox.Add(Encoding.ASCII.GetBytes(text));
        }
        outbox.Flush();
        peer.ReadOn();

        Assert.Equal(sent.ToString(), string.Concat(peer.Writes));
        Assert.Equal(0, outbox.Pending);
    }

    [Fact]
    public async Task Who_asks_for_room_waits_until_the_peer_has_read()
    {
        var peer = new Peer { Reading = false };
        var outbox = new Outbox(peer);
        outbox.Append(new byte[Outbox.RoomBytes]);

        var room = outbox.Room().AsTask();
        Assert.False(room.IsCompleted);
        peer.ReadOn();

        Assert.True(await room.WaitAsync(TimeSpan.FromSeconds(10)));
    }

    [Fact]
    public async Task A_peer_that_goes_wakes_who_waits_for_room()
    {
        var peer = new Peer { Reading = false };
        var outbox = new Outbox(peer);
        outbox.Append(new byte[Outbox.RoomBytes]);
        var room = outbox.Room().AsTask();

        peer.Go();

        Assert.False(await room.WaitAsync(TimeSpan.FromSeconds(10)));
        await outbox.Drained().WaitAsync(TimeSpan.FromSeconds(10));
        Assert.True(outbox.Closed);
    }

    [Fact]
    public async Task Abandoning_wakes_who_waits()
    {
        var peer = new Peer { Reading = false };
        var outbox = new Outbox(peer);
        outbox.Append(new byte[Outbox.RoomBytes]);
        var room = outbox.Room().AsTask();

        outbox.Abandon();

        Assert.False(await room.WaitAsync(TimeSpan.FromSeconds(10)));
        await outbox.Drained().WaitAsync(TimeSpan.FromSeconds(10));
    }

    [Fact]
    public void Nothing_follows_the_last_frame()
    {
        var peer = new Peer { Reading = false };
        var outbox = new Outbox(peer);

        outbox.Append("one"u8);
        outbox.AppendLast("bye"u8);
        outbox.Append("late"u8);
        outbox.Add("late"u8.ToArray());
        outbox.Flush();
        peer.ReadOn();

        Assert.Equal(["one", "bye"], peer.Writes);
    }

    [Fact]
    public void Ticks_tell_a_quiet_socket_from_a_stuck_one()
    {
        var peer = new Peer();
        var outbox = new Outbox(peer);

        outbox.Append("one"u8);
        outbox.Tick();
        Assert.Equal((2, 0), outbox.Tick());

        peer.Reading = false;
        outbox.Append("two"u8);
        Assert.Equal((1, 1), outbox.Tick());
        peer.ReadOn();
        Assert.Equal((2, 0), outbox.Tick());
    }

    [Fact]
    public async Task Frames_of_many_writers_are_never_torn()
    {
        var peer = new Peer();
        var outbox = new Outbox(peer);
        var writers = Enumerable.Range(0, 8).Select(writer => Task.Run(() =>
        {
            var frame = Encoding.ASCII.GetBytes(new string((char)('a' + writer), 99) + "\n");
            for (var i = 0; i < 500; i++) outbox.Append(frame);
        }));

        await Task.WhenAll(writers);
        await outbox.Drained();

        var frames = string.Concat(peer.Writes).TrimEnd('\n').Split('\n');
        Assert.Equal(4_000, frames.Length);
        Assert.All(frames, frame => Assert.Equal(new string(frame[0], 99), frame));
    }

    /// <summary>The other end: remembers each write, and may stop reading.</summary>
    private sealed class Peer : MemoryStream
    {
        private TaskCompletionSource? _blocked;

        public bool Reading { get; set; } = true;
        public List<string> Writes { get; } = [];

        public void ReadOn()
        {
            Reading = true;
            _blocked?.SetResult();
        }

        public void Go() => _blocked?.SetException(new IOException());

        public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancel = default)
        {
            Writes.Add(Encoding.ASCII.GetString(buffer.Span));
            if (Reading) return;
            _blocked = new();
            await _blocked.Task;
        }
    }
}
