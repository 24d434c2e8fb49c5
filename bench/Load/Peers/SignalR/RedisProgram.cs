using System.ComponentModel;

namespace OrleansSync.Load.Peers;

/// <summary>Redis as Debian packages it, in memory alone: nothing is written to disk.</summary>
internal static class RedisProgram
{
    public static async Task<(PeerProcess Process, string Address)> Start()
    {
        var port = FreePort.Take();
        try
        {
            var process = await PeerProcess.Start(
                "redis-server",
                ["--port", $"{port}", "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"],
                Path.GetTempPath(),
                "Ready to accept connections");
            return (process, $"127.0.0.1:{port}");
        }
        catch (Win32Exception)
        {
            throw new ContenderMissing("redis-server is missing: apt-get install redis-server.");
        }
    }
}
