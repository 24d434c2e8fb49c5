using OrleansSync.Load.Report;

namespace OrleansSync.Load.Commands;

/// <summary>Makes the page of reports that are there: of several, one after the other in one table, for runs that were made one by one.</summary>
internal static class ReportCommand
{
    public static async Task<int> Run(IReadOnlyList<string> files, string folder)
    {
        var reports = await Task.WhenAll(files.Select(async file => ReportJson.Read(await File.ReadAllTextAsync(file))));
        var one = reports[0] with
        {
            Minutes = reports.Sum(each => each.Minutes),
            CommandLine = string.Join("; ", reports.Select(each => each.CommandLine)),
            Scenarios = reports.SelectMany(each => each.Scenarios).DistinctBy(each => each.Key).ToDictionary(),
            Measurements = [.. reports.SelectMany(each => each.Measurements)],
            Skipped = [.. reports.SelectMany(each => each.Skipped)],
        };
        foreach (var file in await ReportFolder.Write(folder, one)) Console.WriteLine(file);
        return 0;
    }
}
