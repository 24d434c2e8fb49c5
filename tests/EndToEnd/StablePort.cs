using System.Net;
using System.Net.Sockets;

namespace OrleansSync.EndToEnd;

/// <summary>
/// Ports that a process keeps over its lives: below those that the system gives to connections, so that nobody gets one while its process
/// is down.
/// </summary>
internal static class StablePort
{
    private const int First = 15_000;
    private const int Last = 32_000;

    private static int s_next = Random.Shared.Next(First, Last);

    public static int Take()
    {
        while (true)
        {
            var port = First + (Interlocked.Increment(ref s_next) % (Last - First));
            if (IsFree(port)) return port;
        }
    }

    private static bool IsFree(int port)
    {
        try
        {
            using var probe = new TcpListener(IPAddress.Loopback, port);
            probe.Start();
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
