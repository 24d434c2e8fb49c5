using System.Xml.Linq;
using HdrHistogram;
using HdrHistogram.Utilities;
using OrleansSync.Load.Measures;
using OrleansSync.Load.Report;

namespace OrleansSync.Load.Tests;

public sealed class ReadingAReport
{
    private static readonly LoadReport Sample = Samples.Report(
        Samples.Of("OrleansSync", Role.Ours, 1000, figures: new Figure("lost", 0, "%", Better.Lower)) with
        {
            Latency = Samples.Milliseconds(Enumerable.Range(1, 1000)),
            Server = new() { Cores = [0.5, 1], Megabytes = [100, 110], MicrosecondsAnOperation = 40, CpuSeconds = new Dictionary<string, double> { ["server"] = 7.5 } },
            Notes = ["answered = on disk"],
        },
        Samples.Of("<Peer> & \"Sons\"", Role.Beside, 4000),
        Samples.Of("raw", Role.Limit, 8000, ""));

    [Fact]
    public void What_was_written_is_read_again()
    {
        var json = ReportJson.Write(Sample);

        Assert.Equal(json, ReportJson.Write(ReportJson.Read(json)));
        Assert.Equal(Sample.Measurements[0].Latency!.Curve, ReportJson.Read(json).Measurements[0].Latency!.Curve);
    }

    [Fact]
    public void Its_histogram_is_one_that_others_can_add_up()
    {
        var bytes = Convert.FromBase64String(Sample.Measurements[0].Latency!.Histogram);

        var histogram = HistogramEncoding.DecodeFromCompressedByteBuffer(ByteBuffer.Allocate(bytes), 0);

        Assert.Equal(1000, histogram.TotalCount);
        Assert.InRange(histogram.GetValueAtPercentile(50), 500_000, 500_500);
    }

    [Fact]
    public void The_page_is_well_formed_and_needs_nothing_else()
    {
        var page = XDocument.Parse(HtmlPage.Write(Sample).Replace("<!DOCTYPE html>", "", StringComparison.Ordinal));

        Assert.DoesNotContain(page.Descendants().Attributes(), each => each.Name.LocalName is "src" or "href");
        Assert.Empty(page.Descendants("script"));
        Assert.Contains(page.Descendants("td"), cell => cell.Value.StartsWith("<Peer> & \"Sons\"", StringComparison.Ordinal));
    }

    [Fact]
    public void The_page_shows_what_is_against_us_like_all_else()
    {
        var page = XDocument.Parse(HtmlPage.Write(Sample).Replace("<!DOCTYPE html>", "", StringComparison.Ordinal));

        Assert.Contains(page.Descendants("span"), ratio => ratio.Value == "▼ 0.25 ×");
        Assert.Contains(page.Descendants("span"), ratio => ratio.Value == "| 0.13 ×");
        Assert.Contains(page.Descendants("li"), item => item.Value == "Redis: not here");
    }

    [Fact]
    public void Each_of_the_curves_that_were_measured_is_drawn()
    {
        var page = XDocument.Parse(HtmlPage.Write(Sample).Replace("<!DOCTYPE html>", "", StringComparison.Ordinal));

        var drawn = page.Descendants("figure").Where(figure => figure.Descendants("path").Any()).Select(figure => figure.Element("figcaption")!.Value);
        Assert.Equal(["Throughput, writes/s", "Latency by percentile, ms", "CPU of the server, cores", "Memory of the server, MB"], drawn);
    }
}
