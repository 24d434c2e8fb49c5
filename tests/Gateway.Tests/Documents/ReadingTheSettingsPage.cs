using System.Collections;
using System.Globalization;
using System.Reflection;
using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.Extensions.Configuration;
using OrleansSync.Gateway.Settings;
using OrleansSync.Silo;

namespace OrleansSync.Gateway.Tests.Documents;

public sealed partial class ReadingTheSettingsPage : IDisposable
{
    private static readonly Document Page = new("docs/settings.md");

    /// <summary>Properties that are not called as the setting is.</summary>
    private static readonly Dictionary<string, string> OtherNames = new()
    {
        ["Origins"] = "Cors:Origins",
        ["CreateOnWrite"] = "Collections:CreateOnWrite",
    };

    private static readonly string[] ReadingFiles = ["src/Gateway/Settings/SettingsFrom.cs", "src/Silo/Settings/SiloSettingsFrom.cs"];

    private readonly string _data = Directory.CreateTempSubdirectory("orleanssync-").FullName;

    public void Dispose() => Directory.Delete(_data, recursive: true);

    [Fact]
    public void Every_property_is_there_with_its_default_and_nothing_else()
    {
        var ofTheSilo = SiloTable().Select(row => (Document.Bare(row[3]), Document.Bare(row[1])));
        var inCode = Properties("", new ServerSettings()).Union(ofTheSilo).Order();
        var onPage = ServerTable().Select(row => (Document.Bare(row[0]), Document.Bare(row[2]))).Order();

        Assert.Equal(inCode, onPage);
    }

    [Fact]
    public void Every_name_that_is_read_is_there_and_nothing_else()
    {
        var read = ReadingFiles.SelectMany(file => NameRead().Matches(Repository.Read(file))).Select(match => match.Groups[1].Value).Distinct().Order();

        Assert.Equal(read, ServerTable().Select(row => Document.Bare(row[0])).Order());
    }

    [Fact]
    public void The_environment_has_each_with_two_underscores() => Assert.All(
        ServerTable(), row => Assert.Equal(Document.Bare(row[0]).Replace(":", "__"), Document.Bare(row[1])));

    [Fact]
    public void Wrong_values_say_what_the_page_says() => Assert.All(ServerTable().Where(row => row[5].Length > 0), row =>
    {
        var name = Document.Bare(row[0]);
        var (value, message) = WrongValue().Match(row[5]) is { Success: true } match
            ? (match.Groups[1].Value, match.Groups[2].Value)
            : throw new FormatException($"{name}: a wrong value is written as `value`: `message`, not {row[5]}");

        var wrong = Assert.Throws<WrongSettingException>(() => Read((name, value)));

        Assert.Equal($"Wrong setting {name}: {message}", wrong.Message);
    });

    [Fact]
    public void What_ships_in_appsettings_is_a_setting_with_its_default()
    {
        using var shipped = JsonDocument.Parse(Repository.Read("src/Gateway/appsettings.json"));
        var defaults = ServerTable().ToDictionary(row => Document.Bare(row[0]), row => Document.Bare(row[2]));

        Assert.All(
            shipped.RootElement.EnumerateObject().Where(member => member.Name != "Logging"),
            member => Assert.Equal(defaults.GetValueOrDefault(member.Name), member.Value.ToString()));
    }

    [Fact]
    public void A_silos_properties_are_there_with_their_defaults_and_nothing_else()
    {
        var rows = SiloTable();

        Assert.Equal(
            typeof(SiloSettings).GetProperties().Select(property => (property.Name, Text(property.GetValue(new SiloSettings())))).Order(),
            rows.Select(row => (Document.Bare(row[0]), Document.Bare(row[1]))).Order());
        Assert.Empty(rows.Select(row => Document.Bare(row[3])).Except(ServerTable().Select(row => Document.Bare(row[0]))));
    }

    private static IReadOnlyList<string[]> ServerTable() => Page.Table("setting", "environment", "default");

    private static IReadOnlyList<string[]> SiloTable() => Page.Table("property", "default", "unit", "from");

    private static IEnumerable<(string Name, string Default)> Properties(string path, object settings)
    {
        foreach (var property in settings.GetType().GetProperties(BindingFlags.Public | BindingFlags.Instance).Where(property => property.CanWrite))
        {
            if (property.PropertyType == typeof(SiloSettings)) continue;
            var value = property.GetValue(settings);
            var name = path + property.Name;
            if (value is not null && value.GetType().Namespace == typeof(ServerSettings).Namespace)
                foreach (var inner in Properties($"{name}:", value)) yield return inner;
            else
                yield return (OtherNames.GetValueOrDefault(name, name), Text(value));
        }
    }

    private static string Text(object? value) => value switch
    {
        null => "not set",
        string text => text,
        bool flag => flag ? "true" : "false",
        TimeSpan time => time.TotalSeconds.ToString(CultureInfo.InvariantCulture),
        IEnumerable list => list.Cast<object>().Any() ? string.Join(',', list.Cast<object>()) : "empty",
        _ => Convert.ToString(value, CultureInfo.InvariantCulture)!,
    };

    private ServerSettings Read((string Name, string Value) setting) => SettingsFrom.Configuration(new ConfigurationBuilder()
        .AddInMemoryCollection([new("Data", _data)])
        .AddInMemoryCollection([new(setting.Name, setting.Value)])
        .Build());

    [GeneratedRegex(@"values\.\w+\(""([^""]+)""")]
    private static partial Regex NameRead();

    [GeneratedRegex(@"^`([^`]+)`: `([^`]+)`$")]
    private static partial Regex WrongValue();
}
