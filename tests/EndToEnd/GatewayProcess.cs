using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace OrleansSync.EndToEnd;

/// <summary>The real server as its users start it: a process on a port, with a data folder that outlives it.</summary>
internal sealed class GatewayProcess : IAsyncDisposable
{
    private static readonly TimeSpan ReadyWithin = TimeSpan.FromSeconds(60);

    private readonly string _data = Directory.CreateTempSubdirectory("orleanssync-e2e-").FullName;
    private readonly int _port = FreePort();
    private readonly string _program;
    private Process? _process;

    /// <param name="program">The assembly to start; ours unless told.</param>
    public GatewayProcess(string? program = null)
    {
        _program = program ?? BuiltBeside.Gateway;
        Http = new HttpClient { BaseAddress = Address, Timeout = TimeSpan.FromSeconds(30) };
    }

    public Uri Address => new($"http://127.0.0.1:{_port}");

    public HttpClient Http { get; }

    public static async Task<GatewayProcess> Started(string? program = null)
    {
        var gateway = new GatewayProcess(program);
        await gateway.Start();
        return gateway;
    }

    /// <summary>Starts it and returns when it says that writes would succeed.</summary>
    public async Task Start()
    {
        _process = Process.Start(new ProcessStartInfo("dotnet", [_program, "--Urls", Address.ToString(), "--Data", _data])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = Path.GetDirectoryName(_program)!,
        })!;
        _process.OutputDataReceived += static (_, _) => { };
        _process.ErrorDataReceived += static (_, line) => { if (line.Data is not null) Console.Error.WriteLine(line.Data); };
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
        await Ready();
    }

    private async Task Ready()
    {
        var clock = Stopwatch.StartNew();
        using var knock = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        while (clock.Elapsed < ReadyWithin)
        {
            if (_process!.HasExited) throw new InvalidOperationException($"The server ended with {_process.ExitCode}.");
            try
            {
                using var answer = await Http.GetAsync("/health/ready");
                if (answer.IsSuccessStatusCode) return;
            }
            catch (HttpRequestException)
            {
                // It does not listen yet.
            }

            await knock.WaitForNextTickAsync();
        }

        throw new TimeoutException("The server was not ready in time.");
    }

    /// <summary>As kill -9: no handler runs, nothing is flushed.</summary>
    public async Task Kill()
    {
        _process!.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
        _process = null;
    }

    public long WorkingSet
    {
        get
        {
            _process!.Refresh();
            return _process.WorkingSet64;
        }
    }

    private static int FreePort()
    {
        using var probe = new TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        return ((IPEndPoint)probe.LocalEndpoint).Port;
    }

    public async ValueTask DisposeAsync()
    {
        if (_process is not null) await Kill();
        Http.Dispose();
        Directory.Delete(_data, recursive: true);
    }
}
