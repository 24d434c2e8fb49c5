using OrleansSync.Load.Guard;
using OrleansSync.Load.Live;
using OrleansSync.Load.Measures;
using OrleansSync.Load.Report;
using OrleansSync.Load.Scenarios;
using Spectre.Console;

namespace OrleansSync.Load.Commands;

/// <summary>Runs what the file of ratios names, some turns of each, and says which ratios got worse than they may.</summary>
internal sealed class GuardCommand(string path, bool update)
{
    private const int SomebodyLeftOut = 3;
    private const int Worse = 4;
    private const int Interrupted = 130;

    /// <summary>Beside the projects of the bench.</summary>
    public static string UsualPath { get; } = Path.GetFullPath(Path.Combine(AppContext.BaseDirectory, "../../../../../bench/ratios.json"));

    public async Task<int> Run(CancellationToken cancelled)
    {
        var machine = Machine.Here();
        var file = await RatioFile.Read(path);
        IScreen screen = Console.IsOutputRedirected ? new PlainScreen(Console.Out, TimeProvider.System) : new TerminalScreen(AnsiConsole.Console);
        var turns = new Dictionary<string, List<IReadOnlyList<Measurement>>>();
        try
        {
            await screen.While(async () =>
            {
                foreach (var run in file.Runs) turns[run] = await Turns(file, run, screen, cancelled);
            });
        }
        catch (OperationCanceledException) when (cancelled.IsCancellationRequested)
        {
            return Interrupted;
        }

        var checks = file.Ratios.Select(kept => RatioCheck.Of(kept, turns[kept.Run])).ToArray();
        foreach (var line in GuardTable.Lines(checks)) Console.WriteLine(line);
        if (machine.LoadBefore > 0.5) Console.WriteLine($"The machine had a load of {machine.LoadBefore} before this: others were at work, and the ratios wander.");
        return await Conclude(file, checks, machine);
    }

    private static async Task<List<IReadOnlyList<Measurement>>> Turns(RatioFile file, string run, IScreen screen, CancellationToken cancelled)
    {
        var (scenario, options) = CommandLine.Read($"{run} {file.EveryRun}");
        var turns = new List<IReadOnlyList<Measurement>>();
        for (var turn = 1; turn <= file.Turns; turn++)
        {
            screen.Line($"{run}: turn {turn} of {file.Turns}");
            // Servers of its own for each: what differs from start to start is in the median too.
            var one = new LoadRun(screen, cancelled);
            await scenario.Run(one, options);
            turns.Add(one.Measurements);
        }

        return turns;
    }

    private async Task<int> Conclude(RatioFile file, IReadOnlyList<RatioCheck> checks, Machine machine)
    {
        if (update)
        {
            await file.With(checks, TimeProvider.System.GetUtcNow(), machine).Write(path);
            Console.WriteLine(path);
        }
        else if (checks.Any(check => check.Standing == Standing.Worse))
        {
            return Worse;
        }

        return checks.Any(check => check.Standing == Standing.NotMeasured) ? SomebodyLeftOut : 0;
    }
}
