using System.Diagnostics;

namespace OrleansSync.Load;

/// <summary>Durable writes a second over WebSocket, beside what the same store takes in batches of 512 with nothing in front of it.</summary>
internal static class WritesRun
{
    private static readonly (int InFlight, int Sockets)[] Loads = [(1, 1), (16, 4), (64, 8), (512, 16)];

    public static async Task Run(Options options)
    {
        var raw = await RawSqlite.RowsPerSecond(options);
        Console.WriteLine($"raw SQLite, batches of 512            {raw,10:N0} writes/s");
        foreach (var (inFlight, sockets) in Loads)
        {
            if (options.InFlight != 0 && options.InFlight != inFlight) continue;
            await using var server = await ServerProcess.Gateway();
            var (rate, cpu) = await Rate(server, inFlight, sockets, options);
            Console.WriteLine($"WebSocket, {inFlight,4} in flight              {rate,10:N0} writes/s   {rate / raw:0.00} x raw   {cpu:0.0} µs of server CPU a write");
        }

        var again = await RawSqlite.RowsPerSecond(options);
        Console.WriteLine($"raw SQLite, batches of 512, again     {again,10:N0} writes/s");
    }

    private static async Task<(double Rate, double Cpu)> Rate(ServerProcess server, int inFlight, int sockets, Options options)
    {
        var writers = new List<Writer>();
        for (var i = 0; i < sockets; i++)
            writers.Add(await Writer.Connect(server.Port, i, inFlight / sockets, options.Records));
        using var stop = new CancellationTokenSource();
        var running = writers.Select(writer => writer.Run(stop.Token)).ToArray();
        await Task.Delay(TimeSpan.FromSeconds(options.WarmUpSeconds));
        var (before, cpuBefore, clock) = (Answered(), server.CpuTime, Stopwatch.StartNew());
        await Task.Delay(TimeSpan.FromSeconds(options.Seconds));
        var (answered, cpu, seconds) = (Answered() - before, server.CpuTime - cpuBefore, clock.Elapsed.TotalSeconds);
        await stop.CancelAsync();
        await Task.WhenAll(running);
        var lost = writers.Sum(writer => writer.Answered - writer.Applied);
        if (lost != 0) Console.WriteLine($"  {lost} writes were not applied");
        writers.ForEach(writer => writer.Dispose());
        return (answered / seconds, cpu.TotalMicroseconds / answered);

        long Answered() => writers.Sum(writer => writer.Answered);
    }
}
