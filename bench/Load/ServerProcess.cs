using System.Diagnostics;

namespace OrleansSync.Load;

/// <summary>A server under load: a process of its own on a free port, with an empty data folder, ended with the run.</summary>
internal sealed class ServerProcess : ChildProcess
{
    private readonly Process _process;
    private readonly string _data;

    private ServerProcess(Process process, int port, string data)
        : base(process) => (_process, Port, _data) = (process, port, data);

    public int Port { get; }

    /// <summary>Where a node of a cluster is found by the others; else 0.</summary>
    public int SiloPort { get; private init; }

    public static Task<ServerProcess> Gateway() => Gateway("", 0);

    /// <summary>A node of the cluster on a database: silo and gateway in one.</summary>
    public static Task<ServerProcess> Node(string database)
    {
        var siloPort = FreePort.Take();
        return Gateway($" --Store postgres --ConnectionStrings:Postgres {database} --Cluster:SiloPort {siloPort} --Cluster:GatewayPort {FreePort.Take()}", siloPort);
    }

    private static Task<ServerProcess> Gateway(string more, int siloPort)
    {
        var port = FreePort.Take();
        var data = Directory.CreateTempSubdirectory("orleanssync-load-").FullName;
        return Start(Beside("OrleansSync.Gateway.dll", "src/Gateway"), $"--Urls http://127.0.0.1:{port} --Data {data} --Limits:Connections 0{more}", port, data, siloPort);
    }

    private static async Task<ServerProcess> Start(string assembly, string arguments, int port, string data, int siloPort)
    {
        var process = Process.Start(new ProcessStartInfo("dotnet", $"{assembly} {arguments}")
        {
            RedirectStandardOutput = true,
            WorkingDirectory = Path.GetDirectoryName(assembly)!,
        })!;
        process.OutputDataReceived += static (_, _) => { };
        process.BeginOutputReadLine();
        var server = new ServerProcess(process, port, data) { SiloPort = siloPort };
        try
        {
            await server.Ready();
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    private async Task Ready()
    {
        using var http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{Port}") };
        for (var i = 0; i < 300; i++)
        {
            if (_process.HasExited) throw new InvalidOperationException($"The server ended with {_process.ExitCode} before it was ready.");
            try
            {
                if ((await http.GetAsync("/health/ready")).IsSuccessStatusCode) return;
            }
            catch (HttpRequestException)
            {
            }

            await Task.Delay(100);
        }

        throw new TimeoutException("The server was not ready within 30 s.");
    }

    // This assembly and the server's are built in the same configuration.
    private static string Beside(string assembly, string project)
    {
        var mine = AppContext.BaseDirectory.TrimEnd('/');
        var framework = Path.GetFileName(mine);
        var configuration = Path.GetFileName(Path.GetDirectoryName(mine)!);
        var root = Path.GetFullPath(Path.Combine(mine, "../../../../.."));
        return Path.Combine(root, project, "bin", configuration, framework, assembly);
    }

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        Directory.Delete(_data, recursive: true);
    }
}
