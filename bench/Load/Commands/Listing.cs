using OrleansSync.Load.Scenarios;

namespace OrleansSync.Load.Commands;

/// <summary>The scenarios in plain lines, each with its options.</summary>
internal static class Listing
{
    public static int Print(TextWriter to)
    {
        foreach (var scenario in ScenarioList.All)
        {
            to.WriteLine($"{scenario.Name,-12}{scenario.Description}");
            to.WriteLine($"{"",-12}{string.Join(' ', scenario.Settings.Select(setting => $"--{setting.Name} {setting.Default}"))}{(scenario.TakesTarget ? " [--target URL [--token JWT]]" : "")} [--peers NAME…] [--output FOLDER]");
        }

        return 0;
    }
}
