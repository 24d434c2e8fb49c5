using Microsoft.Extensions.Configuration;
using OrleansSync.Gateway.Settings;
using OrleansSync.Grains.Merging;

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
    [InlineData("Store", "postgres")]
    [InlineData("Role", "silo")]
    [InlineData("Role", "gateway")]
    [InlineData("Cluster:Address", "here")]
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
        Assert.Equal(("sqlite", "all"), (settings.Store, settings.Role));
        Assert.False(settings.Auth.Required);
        Assert.Equal((262_144, 4_194_304, 500, 1000), (settings.Limits.DataBytes, settings.Limits.BodyBytes, settings.Limits.Writes, settings.Limits.Changes));
        Assert.Equal(TimeSpan.FromSeconds(60), settings.ClockDrift);
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
