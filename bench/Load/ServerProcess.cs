using System.Diagnostics;

namespace OrleansSync.Load;

/// <summary>A server under load: a process of its own on a free port, with an empty data folder, ended with the run.</summary>
internal sealed class ServerProcess : IAsyncDisposable
{
    private readonly Process _process;
    private readonly string? _data;

    private ServerProcess(Process process, int port, string? data) => (_process, Port, _data) = (process, port, data);

    public int Port { get; }

    /// <summary>Where a node of a cluster is found by the others; else 0.</summary>
    public int SiloPort { get; private init; }

    public TimeSpan CpuTime
    {
        get
        {
            _process.Refresh();
            return _process.TotalProcessorTime;
        }
    }

    public long WorkingSet
    {
        get
        {
            _process.Refresh();
            return _process.WorkingSet64;
        }
    }

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
        return Start(Beside("OrleansSync.Gateway.dll", "src/Gateway"), $"--Urls http://127.0.0.1:{port} --Data {data} --Limits:Connections 0{more}", port, data, "/health/ready", siloPort);
    }

    private static async Task<ServerProcess> Start(string assembly, string arguments, int port, string? data, string ready, int siloPort = 0)
    {
        var process = Process.Start(new ProcessStartInfo("dotnet", $"{assembly} {arguments}")
        {
            RedirectStandardOutput = true,
            WorkingDirectory = Path.GetDirectoryName(assembly)!,
        })!;
        process.OutputDataReceived += static (_, _) => { };
        process.BeginOutputReadLine();
        var server = new ServerProcess(process, port, data) { SiloPort = siloPort };
        using var http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port}") };
        for (var i = 0; i < 300; i++)
        {
            if (process.HasExited) throw new InvalidOperationException($"{assembly} ended with {process.ExitCode}.");
            try
            {
                if ((await http.GetAsync(ready)).IsSuccessStatusCode) return server;
            }
            catch (HttpRequestException)
            {
            }

            await Task.Delay(100);
        }

        throw new TimeoutException($"{assembly} was not ready within 30 s.");
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

    public async ValueTask DisposeAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
        if (_data is not null) Directory.Delete(_data, recursive: true);
    }
}
