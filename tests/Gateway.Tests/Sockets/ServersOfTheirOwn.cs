using Microsoft.Extensions.DependencyInjection;
using OrleansSync.Gateway.Sockets;

namespace OrleansSync.Gateway.Tests.Sockets;

/// <summary>A server of its own, since it is stopped, and one that takes few connections.</summary>
public sealed class ServersOfTheirOwn
{
    [Fact]
    public async Task Sockets_are_told_to_come_back_and_what_was_asked_is_answered()
    {
        var gateway = new RunningGateway();
        await gateway.InitializeAsync();
        await using var socket = await SocketClient.Greet(gateway);
        for (var i = 1; i <= 50; i++)
            await socket.Send($$$"""{"type":"write","ref":{{{i}}},"writes":[{"collection":"todos","record":"r{{{i}}}","op":"put","data":{}}]}""");
        Assert.Equal("results", (string?)(await socket.Receive())!["type"]);

        var stopping = gateway.DisposeAsync();
        var end = await socket.End();
        await socket.DisposeAsync();
        await stopping.WaitAsync(TimeSpan.FromSeconds(20));

        Assert.Equal("1012", end);
    }

    [Fact]
    public async Task A_server_with_as_many_connections_as_it_takes_closes_the_next_with_4429()
    {
        var gateway = new SmallGateway();
        await gateway.InitializeAsync();
        await using var first = await SocketClient.Greet(gateway);
        await using var second = await SocketClient.Greet(gateway);

        await using (var third = await SocketClient.Open(gateway)) Assert.Equal("rate-limited 4429", await third.End());
        await second.DisposeAsync();
        while (gateway.Services.GetRequiredService<OpenSockets>().Count > 1) await Task.Yield();
        await using var again = await SocketClient.Greet(gateway);

        await gateway.DisposeAsync();
    }

    private sealed class SmallGateway : RunningGateway
    {
        protected override string[] Settings => ["--Limits:Connections", "2"];
    }
}
