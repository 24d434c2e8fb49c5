namespace OrleansSync.Load.Report;

/// <summary>Where a report is put: the same twice, for machines and for people.</summary>
internal static class ReportFolder
{
    /// <returns>The two files.</returns>
    public static async Task<IReadOnlyList<string>> Write(string folder, LoadReport report)
    {
        Directory.CreateDirectory(folder);
        var (json, html) = (Path.Combine(folder, "report.json"), Path.Combine(folder, "report.html"));
        await File.WriteAllTextAsync(json, ReportJson.Write(report));
        await File.WriteAllTextAsync(html, HtmlPage.Write(report));
        return [json, html];
    }
}
