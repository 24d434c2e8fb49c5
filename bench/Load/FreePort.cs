using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace OrleansSync.Load;

/// <summary>Ports for the servers of a run. Each is given once: the system may offer the same one twice in a row.</summary>
internal static class FreePort
{
    private static readonly ConcurrentDictionary<int, int> Given = new();

    public static int Take()
    {
        while (true)
        {
            using var probe = new TcpListener(IPAddress.Loopback, 0);
            probe.Start();
            var port = ((IPEndPoint)probe.LocalEndpoint).Port;
            if (Given.TryAdd(port, port)) return port;
        }
    }
}
