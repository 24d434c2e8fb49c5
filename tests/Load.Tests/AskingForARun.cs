using OrleansSync.Load.Commands;
using OrleansSync.Load.Scenarios;

namespace OrleansSync.Load.Tests;

public sealed class AskingForARun
{
    [Fact]
    public void Every_scenario_is_a_command_with_the_options_that_it_names()
    {
        foreach (var scenario in ScenarioList.All)
            Assert.Empty(CommandLine.Build().Parse([scenario.Name, .. scenario.Settings.SelectMany(setting => new[] { $"--{setting.Name}", $"{Math.Min(7, setting.Highest)}" })]).Errors);
    }

    [Theory]
    [InlineData("writes --seconds 0")]
    [InlineData("writes --rate 50")]
    [InlineData("fan-out --mode 4")]
    [InlineData("latency --target elsewhere")]
    [InlineData("conflict --target http://127.0.0.1:5080")]
    [InlineData("writes --token secret")]
    [InlineData("everything")]
    public void What_makes_no_sense_is_refused_before_anything_starts(string line) => Assert.NotEmpty(CommandLine.Build().Parse(line).Errors);

    [Theory]
    [InlineData("http://127.0.0.1:5080", "127.0.0.1", 5080, false)]
    [InlineData("https://sync.example.org", "sync.example.org", 443, true)]
    public void A_target_is_the_address_of_a_deployment(string url, string host, int port, bool tls) => Assert.Equal(new Address(host, port, tls), Address.Parse(url));

    [Theory]
    [InlineData("writes --target http://127.0.0.1:5080 --token secret --seconds 5", "writes --target http://127.0.0.1:5080 --token … --seconds 5")]
    [InlineData("writes --token=secret --target http://127.0.0.1:5080", "writes --token … --target http://127.0.0.1:5080")]
    [InlineData("conflict --seconds 5", "conflict --seconds 5")]
    public void A_report_says_what_was_asked_and_not_the_token(string line, string said) => Assert.Equal(said, CommandLine.CommandLineOf(CommandLine.Build().Parse(line)));

    [Fact]
    public void A_token_is_a_header_and_in_no_text_about_the_address()
    {
        var address = Address.Parse("http://127.0.0.1:5080")!.Value with { Token = "secret" };

        using var http = address.Client();

        Assert.Equal("Bearer secret", http.DefaultRequestHeaders.Authorization!.ToString());
        Assert.DoesNotContain("secret", $"{address} {address.Http} {address.WebSocket("/v1/socket")}", StringComparison.Ordinal);
    }

    [Fact]
    public void A_name_that_is_exact_means_that_one_alone()
    {
        Assert.Equal("SignalR", Assert.Single(new Options { Peers = ["signalr"] }.Beside()).Name);
        Assert.True(new Options { Peers = ["all"] }.Beside().Count > 3);
        Assert.Empty(new Options { Peers = [] }.Beside("SignalR"));
    }
}
