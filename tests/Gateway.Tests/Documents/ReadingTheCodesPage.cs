using System.Globalization;
using System.Text.RegularExpressions;
using OrleansSync.Gateway.Sockets;
using OrleansSync.Protocol;

namespace OrleansSync.Gateway.Tests.Documents;

public sealed partial class ReadingTheCodesPage
{
    private static readonly Document Page = new("docs/codes.md");

    [Fact]
    public void Every_code_is_there_with_its_status_and_no_other() => Assert.Equal(
        Codes.All.Select(code => (code, Number(Codes.StatusOf(code)))).Order(),
        Page.Table("code", "status", "when", "what to do").Select(row => (Document.Bare(row[0]), row[1])).Order());

    [Fact]
    public void Of_every_code_it_says_when_and_what_to_do() => Assert.All(
        Page.Table("code", "status", "when", "what to do"), row => Assert.DoesNotContain("", row));

    [Fact]
    public void Every_close_code_is_there_and_no_other() => Assert.Equal(
        Enum.GetValues<CloseCode>().Select(code => (Number((int)code), code.ToString())).Order(),
        Page.Table("close code", "name", "when").Select(row => (row[0], row[1])).Order());

    [Fact]
    public void Every_metric_is_there_with_its_kind_and_unit_and_no_other() => Assert.Equal(
        Declared().Order(),
        Page.Table("metric", "kind", "unit", "meaning").Select(row => (Document.Bare(row[0]), row[1], Document.Bare(row[2]))).Order());

    [Fact]
    public void Every_metric_is_declared_so_that_this_test_can_read_it() => Assert.Equal(
        Repository.Sources("src").Sum(source => AnyDeclaration().Count(source)), Declared().Count());

    private static IEnumerable<(string Name, string Kind, string Unit)> Declared() => Repository.Sources("src")
        .SelectMany(source => Declaration().Matches(source))
        .Select(match => (match.Groups[2].Value, match.Groups[1].Value, match.Groups[3].Value));

    private static string Number(int value) => value.ToString(CultureInfo.InvariantCulture);

    [GeneratedRegex(@"\.Create(?:Observable)?(?:Counter|UpDownCounter|Histogram|Gauge)\b")]
    private static partial Regex AnyDeclaration();

    [GeneratedRegex(@"\.Create(\w+)<\w+>\(\s*""([^""]+)"",\s*""([^""]+)""")]
    private static partial Regex Declaration();
}
