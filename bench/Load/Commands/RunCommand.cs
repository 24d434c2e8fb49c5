using System.Diagnostics;
using OrleansSync.Load.Live;
using OrleansSync.Load.Peers;
using OrleansSync.Load.Report;
using OrleansSync.Load.Scenarios;
using Spectre.Console;

namespace OrleansSync.Load.Commands;

/// <summary>Runs scenarios one after the other, shows them, and reports. What was measured before a scenario failed is reported all the same.</summary>
internal sealed class RunCommand(IReadOnlyList<(IScenario Scenario, Options Options)> chosen, string commandLine)
{
    private const int SomebodyLeftOut = 3;
    private const int Interrupted = 130;

    private readonly Machine _machine = Machine.Here();
    private readonly DateTimeOffset _began = TimeProvider.System.GetUtcNow();
    private readonly Stopwatch _clock = Stopwatch.StartNew();

    public async Task<int> Run(CancellationToken cancelled)
    {
        IScreen screen = Console.IsOutputRedirected ? new PlainScreen(Console.Out, TimeProvider.System) : new TerminalScreen(AnsiConsole.Console);
        var run = new LoadRun(screen, cancelled);
        try
        {
            await screen.While(() => All(run));
            return run.Skipped.Count == 0 ? 0 : SomebodyLeftOut;
        }
        catch (OperationCanceledException) when (cancelled.IsCancellationRequested)
        {
            return Interrupted;
        }
        finally
        {
            if (chosen[0].Options.Output is { } folder && run.Measurements.Count > 0)
                foreach (var file in await ReportFolder.Write(folder, Report(run)))
                    Console.WriteLine(file);
        }
    }

    private async Task All(LoadRun run)
    {
        foreach (var (scenario, options) in chosen)
        {
            var warmUp = scenario.Settings.Any(setting => setting.Name == Setting.WarmUp.Name) ? $" after {options.WarmUpSeconds} s of warm-up" : "";
            run.Line($"{scenario.Name}: {Environment.ProcessorCount} cores, generator included; {options.Seconds} s{warmUp}");
            await scenario.Run(run, options);
        }
    }

    private LoadReport Report(LoadRun run) => new()
    {
        Date = _began,
        Minutes = _clock.Elapsed.TotalMinutes,
        Version = Contenders.All[0].Version,
        CommandLine = commandLine,
        Seed = chosen[0].Options.Seed,
        Machine = _machine,
        Scenarios = chosen.ToDictionary(each => each.Scenario.Name, each => each.Scenario.Description),
        Measurements = run.Measurements,
        Skipped = run.Skipped,
    };
}
