using System.Net.WebSockets;
using System.Text;

namespace OrleansSync.Gateway.Tests.Sockets;

[Collection("gateway")]
public sealed class GreetingASocket(RunningGateway gateway)
{
    private const string Hello = """{"type":"hello","version":1}""";

    public static TheoryData<string, string[], string> Refused => new()
    {
        { "not JSON", ["hello"], "malformed 4400" },
        { "not an object", ["[]"], "malformed 4400" },
        { "more after the object", [Hello + "{}"], "malformed 4400" },
        { "a frame before hello", ["""{"type":"ping","ref":1}"""], "malformed 4400" },
        { "no type", ["{}"], "malformed 4400" },
        { "no version", ["""{"type":"hello"}"""], "malformed 4400" },
        { "another version", ["""{"type":"hello","version":2}"""], "malformed 4400" },
        { "a version that is no number", ["""{"type":"hello","version":"1"}"""], "malformed 4400" },
        { "a bad client name", ["""{"type":"hello","version":1,"client":"a b"}"""], "invalid-name 4400" },
        { "a second hello", [Hello, Hello], "malformed 4400" },
        { "not JSON after hello", [Hello, "{"], "malformed 4400" },
        { "not an object after hello", [Hello, "7"], "malformed 4400" },
    };

    [Theory]
    [MemberData(nameof(Refused))]
    public async Task What_is_wrong_is_said_and_then_the_socket_is_closed(string why, string[] frames, string end)
    {
        _ = why;
        await using var socket = await SocketClient.Open(gateway);

        foreach (var frame in frames) await socket.Send(frame);

        Assert.Equal(end, await socket.End());
    }

    [Fact]
    public async Task A_binary_frame_closes_with_4400()
    {
        await using var socket = await SocketClient.Open(gateway);

        await socket.Send(Encoding.UTF8.GetBytes(Hello), WebSocketMessageType.Binary);

        Assert.Equal("malformed 4400", await socket.End());
    }

    [Fact]
    public async Task Invalid_UTF_8_closes_with_4400()
    {
        await using var socket = await RawSocket.Open(gateway);

        await socket.Send(ClientFrame.Of(Gateway.Sockets.Opcode.Text, [(byte)'{', (byte)'"', 0xFF, (byte)'"', (byte)':', (byte)'1', (byte)'}']));

        Assert.Equal(4400, await socket.CloseCode());
    }

    [Fact]
    public async Task Welcome_says_who_one_is_and_what_the_limits_are()
    {
        await using var socket = await SocketClient.Open(gateway);

        await socket.Send("""{"type":"hello","version":1,"client":"tab-1","something":"else"}""");
        var welcome = (await socket.Receive())!;

        Assert.Equal("welcome", (string?)welcome["type"]);
        Assert.Equal(1, (int?)welcome["version"]);
        Assert.Equal("anonymous", (string?)welcome["author"]);
        Assert.Matches(@"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{7}Z$", (string?)welcome["timestamp"]);
        Assert.Equal(
            """{"dataBytes":262144,"frameBytes":4194304,"writes":500,"changes":1000,"subscriptions":100}""",
            welcome["limits"]!.ToJsonString());
        Assert.False(welcome.ContainsKey("ref"));
    }

    [Fact]
    public async Task A_foreign_origin_is_closed_with_4403()
    {
        await using var socket = await SocketClient.Open(gateway, "https://evil.example");

        Assert.Equal("4403", await socket.End());
    }

    [Fact]
    public async Task A_local_origin_is_let_in()
    {
        await using var socket = await SocketClient.Open(gateway, "http://localhost:3000");

        await socket.Send(Hello);

        Assert.Equal("welcome", (string?)(await socket.Receive())!["type"]);
    }

    [Fact]
    public async Task A_frame_over_the_limit_is_closed_with_4413()
    {
        await using var socket = await SocketClient.Greet(gateway);

        await socket.Send($$"""{"type":"ping","ref":1,"x":"{{new string('x', 4 * 1024 * 1024)}}"}""");

        Assert.Equal("too-large 4413", await socket.End());
    }

    [Fact]
    public async Task The_handshake_answers_the_key()
    {
        await using var socket = await RawSocket.Open(gateway);

        Assert.StartsWith("HTTP/1.1 101", socket.Head);
        Assert.Contains("Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=", socket.Head);
        Assert.DoesNotContain("Sec-WebSocket-Extensions", socket.Head, StringComparison.OrdinalIgnoreCase);
    }

    [Theory]
    [InlineData("Sec-WebSocket-Version: 13", "Sec-WebSocket-Version: 8")]
    [InlineData("Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==", "Sec-WebSocket-Key: short")]
    [InlineData("Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n", "")]
    [InlineData("Upgrade: websocket", "Upgrade: smoke-signals")]
    public async Task A_bad_handshake_is_a_400(string good, string bad)
    {
        await using var socket = await RawSocket.Open(gateway, RawSocket.Request.Replace(good, bad));

        Assert.StartsWith("HTTP/1.1 400", socket.Head);
    }

    [Fact]
    public async Task A_plain_request_is_a_problem()
    {
        var reply = await gateway.Get("/v1/socket");

        Assert.Equal((400, "malformed"), (reply.Status, reply.Code));
    }
}
