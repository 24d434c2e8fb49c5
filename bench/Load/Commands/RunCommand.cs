using OrleansSync.Load.Live;
using OrleansSync.Load.Scenarios;
using Spectre.Console;

namespace OrleansSync.Load.Commands;

/// <summary>Runs scenarios one after the other, shows them, and reports.</summary>
internal static class RunCommand
{
    public static async Task<int> Run(IReadOnlyList<IScenario> scenarios, Func<IScenario, Options> options, string? output, CancellationToken cancelled)
    {
        IScreen screen = Console.IsOutputRedirected ? new PlainScreen(Console.Out, TimeProvider.System) : new TerminalScreen(AnsiConsole.Console);
        var run = new LoadRun(screen);
        var began = TimeProvider.System.GetUtcNow();
        await screen.While(async () =>
        {
            foreach (var scenario in scenarios)
            {
                var chosen = options(scenario);
                run.Line($"{scenario.Name}: {Environment.ProcessorCount} cores, generator included; {chosen.Seconds} s after {chosen.WarmUpSeconds} s of warm-up");
                await scenario.Run(run, chosen).WaitAsync(cancelled);
            }
        });
        return 0;
    }
}
