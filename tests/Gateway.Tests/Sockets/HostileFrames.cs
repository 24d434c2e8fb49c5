using System.Text;
using OrleansSync.Gateway.Sockets;

namespace OrleansSync.Gateway.Tests.Sockets;

[Collection("gateway")]
public sealed class HostileFrames(RunningGateway gateway)
{
    private static readonly byte[] Hello = ClientFrame.Text("""{"type":"hello","version":1}""");

    [Theory]
    [MemberData(nameof(ReadingFrames.Wrong), MemberType = typeof(ReadingFrames))]
    public async Task What_is_not_WebSocket_is_closed_with_1002(string why, byte[] bytes)
    {
        _ = why;
        await using var socket = await RawSocket.Open(gateway);

        await socket.Send([.. Hello, .. bytes]);

        Assert.Equal(1002, await socket.CloseCode());
    }

    [Fact]
    public async Task A_length_that_is_only_announced_is_refused()
    {
        await using var socket = await RawSocket.Open(gateway);

        await socket.Send([.. Hello, 0x81, 0xFF, 0x7F, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF]);

        Assert.Equal(4413, await socket.CloseCode());
    }

    [Fact]
    public async Task A_close_is_answered_with_its_code_and_the_connection_ends()
    {
        await using var socket = await RawSocket.Open(gateway);

        await socket.Send([.. Hello, .. ClientFrame.Close(1000)]);

        Assert.Equal(1000, await socket.CloseCode());
        Assert.Null(await socket.Receive());
    }

    [Theory]
    [InlineData(999)]
    [InlineData(1005)]
    [InlineData(2000)]
    public async Task A_close_with_an_impossible_code_is_a_1002(int code)
    {
        await using var socket = await RawSocket.Open(gateway);

        await socket.Send(ClientFrame.Close((ushort)code));

        Assert.Equal(1002, await socket.CloseCode());
    }

    [Fact]
    public async Task A_ping_between_fragments_is_answered_and_the_message_is_whole()
    {
        await using var socket = await RawSocket.Open(gateway);

        await socket.Send([
            .. Hello,
            .. ClientFrame.Of(Opcode.Text, """{"type":"ping","""u8, final: false),
            .. ClientFrame.Of(Opcode.Ping, "still there?"u8),
            .. ClientFrame.Of(Opcode.Continuation, "\"ref\":7}"u8)]);
        await socket.Receive();
        var pong = (await socket.Receive())!.Value;
        var answer = (await socket.Receive())!.Value;

        Assert.Equal((Opcode.Pong, "still there?"), (pong.Opcode, Encoding.UTF8.GetString(pong.Payload)));
        Assert.StartsWith("""{"type":"pong","ref":7,"timestamp":""", Encoding.UTF8.GetString(answer.Payload));
    }

    [Fact]
    public async Task One_byte_at_a_time_is_a_conversation_too()
    {
        await using var socket = await RawSocket.Open(gateway);

        foreach (var one in Hello) await socket.Send([one]);

        Assert.Contains("welcome", Encoding.UTF8.GetString((await socket.Receive())!.Value.Payload));
    }

    [Fact]
    public async Task A_server_never_masks_and_its_frames_are_whole()
    {
        await using var socket = await RawSocket.Open(gateway);

        await socket.Send(Hello);
        var head = new byte[2];
        await socket.Stream.ReadExactlyAsync(head);

        Assert.Equal(0x81, head[0]);
        Assert.Equal(0, head[1] & 0x80);
    }
}
