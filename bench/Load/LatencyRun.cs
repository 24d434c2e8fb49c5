namespace OrleansSync.Load;

/// <summary>From the moment a write is sent to the moment another client has it, at 50 writes a second, with one subscriber and with 100.</summary>
internal static class LatencyRun
{
    public static async Task Run(Options options)
    {
        foreach (var subscribers in new[] { 1, 100 })
        {
            await using var server = await ServerProcess.Gateway();
            var latency = await PacedWrites.Run("bench", server.Port, server.Port, subscribers, options);
            Console.WriteLine($"write -> other subscriber, {subscribers,3} of them    {PacedWrites.Line(latency)}");
        }
    }
}
