using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Configuration;
using OrleansSync.Gateway.Settings;
using OrleansSync.Grains.Merging;
using OrleansSync.Silo;

namespace OrleansSync.Gateway.Tests.Settings;

public sealed class StartingWithSettings : IDisposable
{
    private readonly string _data = Directory.CreateTempSubdirectory("orleanssync-").FullName;

    public void Dispose() => Directory.Delete(_data, recursive: true);

    [Theory]
    [InlineData("Urls", "localhost")]
    [InlineData("Urls", "ftp://localhost:1")]
    [InlineData("Urls", "http://localhost:70000")]
    [InlineData("Data", "/dev/null/x")]
    [InlineData("Store", "mysql")]
    [InlineData("ConnectionStrings:Postgres", "nonsense")]
    [InlineData("ConnectionStrings:Postgres", "Host=")]
    [InlineData("Cluster:Address", "192.0.2.1")]
    [InlineData("Role", "silo")]
    [InlineData("Cluster:Address", "here")]
    [InlineData("Cluster:Kubernetes", "yes")]
    [InlineData("Cluster:Kubernetes", "true")]
    [InlineData("Cluster:SiloPort", "x")]
    [InlineData("Cluster:GatewayPort", "65536")]
    [InlineData("Auth:Key", "short")]
    [InlineData("Auth:Authority", "example.com")]
    [InlineData("Auth:Authority", "http://example.com")]
    [InlineData("Auth:Audience", "me")]
    [InlineData("Cors:Origins", "example.com")]
    [InlineData("Cors:Origins", "https://example.com/app")]
    [InlineData("Limits:DataBytes", "-1")]
    [InlineData("Limits:DataBytes", "256K")]
    [InlineData("Limits:BodyBytes", "1.5")]
    [InlineData("Limits:Writes", "many")]
    [InlineData("Collections:CreateOnWrite", "maybe")]
    [InlineData("ClockDriftSeconds", "0")]
    [InlineData("ClockDriftSeconds", "-60")]
    public async Task A_wrong_one_ends_the_process_with_one_line_that_names_it(string name, string value)
    {
        var errors = new StringWriter();

        var code = await SyncServer.Run(["--Data", _data, $"--{name}", value], errors);

        Assert.Equal(1, code);
        Assert.StartsWith($"Wrong setting {name}: ", errors.ToString());
        Assert.Equal(errors.ToString().Length - Environment.NewLine.Length, errors.ToString().IndexOf(Environment.NewLine, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("ConnectionStrings:Postgres", "--Store", "postgres")]
    [InlineData("ConnectionStrings:Postgres", "--Role", "gateway")]
    [InlineData("Role", "--Role", "gateway", "--Store", "sqlite")]
    [InlineData("Cluster:GatewayPort", "--Cluster:SiloPort", "15001", "--Cluster:GatewayPort", "15001")]
    public async Task What_others_need_is_missed_by_name(string missed, params string[] settings)
    {
        var errors = new StringWriter();

        var code = await SyncServer.Run(["--Data", _data, .. settings], errors);

        Assert.Equal(1, code);
        Assert.StartsWith($"Wrong setting {missed}: ", errors.ToString());
    }

    [Fact]
    public async Task A_port_that_somebody_has_is_named_and_so_is_the_way_out()
    {
        using var somebody = new TcpListener(IPAddress.Loopback, 0);
        somebody.Start();
        var errors = new StringWriter();

        var code = await SyncServer.Run(["--Data", _data, "--Cluster:SiloPort", $"{((IPEndPoint)somebody.LocalEndpoint).Port}"], errors);

        Assert.Equal(1, code);
        Assert.StartsWith("Wrong setting Cluster:SiloPort: ", errors.ToString());
    }

    [Theory]
    [InlineData("all")]
    [InlineData("gateway")]
    public async Task A_database_that_is_not_there_ends_the_process_and_its_password_is_not_told(string role)
    {
        var errors = new StringWriter();

        var code = await SyncServer.Run(
            ["--Urls", "http://127.0.0.1:0", "--Role", role, "--Store", "postgres", "--ConnectionStrings:Postgres", "Host=127.0.0.1;Port=1;Password=secret", "--Cluster:SiloPort", "0", "--Cluster:GatewayPort", "0"],
            errors);

        Assert.Equal(1, code);
        Assert.StartsWith("Wrong setting ConnectionStrings:Postgres: ", errors.ToString());
        Assert.DoesNotContain("secret", errors.ToString());
        Assert.Single(errors.ToString().Split(Environment.NewLine, StringSplitOptions.RemoveEmptyEntries));
    }

    [Fact]
    public async Task A_silo_alone_reads_the_same()
    {
        var errors = new StringWriter();

        var code = await SyncSilo.Run(["--Data", _data, "--Limits:DataBytes", "256K"], errors);

        Assert.Equal(1, code);
        Assert.StartsWith("Wrong setting Limits:DataBytes: ", errors.ToString());
    }

    [Fact]
    public async Task Two_custom_policies_of_one_name_end_it_alike()
    {
        var errors = new StringWriter();

        var code = await SyncServer.Run(["--Data", _data, "--Urls", "http://127.0.0.1:0"], errors, services => services.AddCustomPolicy<MaxPolicy>());

        Assert.Equal(1, code);
        Assert.StartsWith("Custom policy MaxPolicy: another one is named 'max'", errors.ToString());
        Assert.Single(errors.ToString().Split(Environment.NewLine, StringSplitOptions.RemoveEmptyEntries));
    }

    [Fact]
    public void Without_any_the_defaults_hold()
    {
        var settings = Read();

        Assert.Equal("http://127.0.0.1:5080", settings.Urls);
        Assert.Equal(("sqlite", "all"), (settings.Silo.Store, settings.Role));
        Assert.False(settings.Auth.Required);
        Assert.Equal((262_144, 4_194_304, 500, 1000), (settings.Limits.DataBytes, settings.Limits.BodyBytes, settings.Limits.Writes, settings.Limits.Changes));
        Assert.Equal(TimeSpan.FromSeconds(60), settings.Silo.ClockDrift);
        Assert.True(settings.CreateOnWrite);
    }

    [Fact]
    public void A_limit_of_zero_is_off() => Assert.Equal(int.MaxValue, Read(("Limits:Writes", "0")).Limits.Writes);

    [Fact]
    public void A_list_is_one_text_or_numbered()
    {
        Assert.Equal(["https://a.example", "https://b.example"], Read(("Cors:Origins", "https://a.example, https://b.example")).Origins);
        Assert.Equal(["https://a.example", "https://b.example"], Read(("Cors:Origins:0", "https://a.example"), ("Cors:Origins:1", "https://b.example")).Origins);
    }

    [Fact]
    public void A_key_is_counted_in_bytes()
    {
        Assert.Throws<WrongSettingException>(() => Read(("Auth:Key", new string('k', 31))));
        Assert.True(Read(("Auth:Key", new string('ü', 16))).Auth.Required);
    }

    [Fact]
    public void A_key_and_an_authority_exclude_each_other() => Assert.Throws<WrongSettingException>(
        () => Read(("Auth:Key", new string('k', 32)), ("Auth:Authority", "https://issuer.example")));

    private ServerSettings Read(params (string Name, string Value)[] values) => SettingsFrom.Configuration(
        new ConfigurationBuilder()
            .AddInMemoryCollection(values.Append(("Data", _data)).Select(value => new KeyValuePair<string, string?>(value.Item1, value.Item2)))
            .Build());
}
