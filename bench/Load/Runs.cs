namespace OrleansSync.Load;

/// <summary>The scenarios by name, and the lines they print.</summary>
internal static class Runs
{
    public static async Task<int> Run(string scenario, Options options)
    {
        Console.WriteLine($"{scenario}: {Environment.ProcessorCount} cores, generator included; {options.Seconds} s after {options.WarmUpSeconds} s of warm-up");
        switch (scenario)
        {
            case "writes": await WritesRun.Run(options); break;
            case "latency": await LatencyRun.Run(options); break;
            case "fan-out": await FanOutRun.Run(options); break;
            case "idle": await IdleRun.Run(options); break;
            case "conflict": await ConflictRun.Run(options); break;
            case "postgres": await PostgresRun.Run(options); break;
            case "all":
                await WritesRun.Run(options);
                await LatencyRun.Run(options);
                await FanOutRun.Run(options);
                await IdleRun.Run(options);
                break;
            default:
                Console.Error.WriteLine($"Unknown scenario {scenario}: use writes, latency, fan-out, idle, conflict, postgres or all.");
                return 1;
        }

        return 0;
    }
}
