namespace OrleansSync.Gateway.Tests.Sockets;

[Collection("guarded gateway")]
public sealed class ShowingATokenOnASocket(GuardedGateway gateway)
{
    [Fact]
    public async Task A_token_that_does_not_hold_is_closed_with_4401()
    {
        await using var socket = await SocketClient.Open(gateway);

        await socket.Send("""{"type":"hello","version":1,"token":"nonsense"}""");

        Assert.Equal("unauthorized 4401", await socket.End());
    }

    [Fact]
    public async Task The_author_is_the_token_s()
    {
        await using var socket = await SocketClient.Open(gateway);

        await socket.Send($$"""{"type":"hello","version":1,"token":"{{GuardedGateway.TokenFor("ada")}}"}""");

        Assert.Equal("ada", (string?)(await socket.Receive("welcome"))["author"]);
    }

    [Fact]
    public async Task Without_a_token_nothing_can_be_read()
    {
        await using var socket = await SocketClient.Greet(gateway);

        var problem = await socket.Ask("""{"type":"subscribe","ref":1,"collection":"todos"}""");

        Assert.Equal("unauthorized", (string?)problem["code"]);
    }

    [Fact]
    public async Task The_socket_ends_with_its_token()
    {
        await using var socket = await SocketClient.Greet(gateway, GuardedGateway.TokenFor("ada", expires: DateTime.UtcNow.AddSeconds(3)));

        Assert.Equal("unauthorized 4401", await socket.End());
    }

    [Fact]
    public async Task A_newer_token_of_the_same_author_goes_on()
    {
        await using var socket = await SocketClient.Greet(gateway, GuardedGateway.TokenFor("ada", expires: DateTime.UtcNow.AddSeconds(3)));
        await socket.Ask($$"""{"type":"subscribe","ref":1,"collection":"{{RunningGateway.NewCollection()}}"}""");

        var welcome = await socket.Ask(
            $$"""{"type":"token","ref":2,"token":"{{GuardedGateway.TokenFor("ada", expires: DateTime.UtcNow.AddSeconds(5))}}"}""");

        Assert.Equal("welcome", (string?)welcome["type"]);
        Assert.Equal("unauthorized 4401", await socket.End());
    }

    [Fact]
    public async Task Somebody_else_s_token_changes_nothing()
    {
        await using var socket = await SocketClient.Greet(gateway, GuardedGateway.TokenFor("ada"));

        var other = await socket.Ask($$"""{"type":"token","ref":1,"token":"{{GuardedGateway.TokenFor("bob")}}"}""");
        var bad = await socket.Ask("""{"type":"token","ref":2,"token":"nonsense"}""");

        Assert.Equal(("forbidden", "unauthorized"), ((string?)other["code"], (string?)bad["code"]));
        Assert.Equal("pong", (string?)(await socket.Ask("""{"type":"ping","ref":3}"""))["type"]);
    }
}
