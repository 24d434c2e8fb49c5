using System.Text;
using System.Xml.Linq;
using OrleansSync.Load.Measures;
using OrleansSync.Load.Report;

namespace OrleansSync.Load.Tests;

public sealed class GrowingStepByStep
{
    [Theory]
    [InlineData(1000, 2000, 10, 19.9, false)]
    [InlineData(1000, 2000, 10, 20.1, true)]
    [InlineData(80_000, 100_000, 10, 13, true)]
    [InlineData(80_000, 100_000, 10, 12, false)]
    public void A_cost_that_grows_faster_than_the_size_is_too_steep(int from, int to, double before, double after, bool steep)
    {
        var step = Step.Between(At(from, before), At(to, after)).Single();

        Assert.Equal((after / before, steep), (step.Ratio, step.TooSteep));
    }

    [Fact]
    public void What_was_not_measured_before_has_no_ratio() =>
        Assert.Empty(Step.Between(At(1000, 10) with { Figures = [] }, At(2000, 20)));

    [Fact]
    public void The_page_has_a_curve_of_each_cost_beside_straight_growth_and_marks_what_is_too_steep()
    {
        var page = XDocument.Parse(HtmlPage.Write(Samples.Report(At(1000, 10), At(2000, 15), At(4000, 45))).Replace("<!DOCTYPE html>", "", StringComparison.Ordinal));

        Assert.Equal(["straight growth", "median of a read"], page.Descendants("path").Select(path => path.Element("title")!.Value));
        Assert.Equal(["1.50 ×", "▼ 3.00 ×"], page.Descendants("td").Elements("span").Select(ratio => ratio.Value));
        Assert.DoesNotContain(page.Descendants("table"), table => (string?)table.Attribute("class") == "summary");
        Assert.Contains(page.Descendants("li"), item => item.Value == "1,000 to 4,000 records: 1 of 2 steps cost more than straight growth");
    }

    [Theory]
    [InlineData(128)]
    [InlineData(65_536)]
    public void A_record_of_so_many_bytes_has_exactly_those(int bytes)
    {
        var data = Payload.Sized(bytes, 7, 12_345);

        using var parsed = System.Text.Json.JsonDocument.Parse(data);
        Assert.Equal((bytes, 12_345), (Encoding.UTF8.GetByteCount(data), parsed.RootElement.GetProperty("number").GetInt32()));
    }

    private static Measurement At(int size, double cost) => Samples.Of("we", Role.Ours, 1, $"{size} records", new Figure("median of a read", cost, "ms", Better.Lower)) with
    {
        RateIsResult = false,
        Size = new("records", size),
    };
}
