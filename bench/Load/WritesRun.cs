namespace OrleansSync.Load;

/// <summary>Durable writes a second over WebSocket, beside what the same store takes in batches of 512 with nothing in front of it.</summary>
internal static class WritesRun
{
    public static async Task Run(Options options)
    {
        var raw = (await RawStore.Sqlite(options)).PerSecond;
        Console.WriteLine($"raw SQLite, batches of 512            {raw,10:N0} writes/s");
        foreach (var load in options.WriteLoads())
        {
            await using var server = await ServerProcess.Gateway();
            var figures = await load.Run([server], () => server.CpuTime);
            Console.WriteLine($"WebSocket, {load.InFlight,4} in flight              {figures.PerSecond,10:N0} writes/s   {figures.PerSecond / raw:0.00} x raw   {figures.Cpu[0]:0.0} µs of server CPU a write");
        }

        var again = (await RawStore.Sqlite(options)).PerSecond;
        Console.WriteLine($"raw SQLite, batches of 512, again     {again,10:N0} writes/s");
    }
}
