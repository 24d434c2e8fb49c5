using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text;

namespace OrleansSync.EndToEnd;

/// <summary>
/// One of our programs as its users start it: a process that says at /health/ready that writes would succeed. It can be killed, told to end,
/// held up, and started again; what it says is kept.
/// </summary>
/// <param name="complains">Told each line of its standard error at once.</param>
/// <param name="within">The start of a command line that takes the program's as its rest and becomes it: the same process.</param>
internal sealed class ServedProgram(
    string program, Uri address, IReadOnlyList<string> arguments, Action<string>? complains = null, IReadOnlyList<string>? within = null) : IDisposable
{
    private static readonly TimeSpan ReadyWithin = TimeSpan.FromSeconds(60);
    private const int MostLines = 2000;

    private readonly Queue<string> _said = new();
    private Process? _process;

    public HttpClient Http { get; } = new() { BaseAddress = address, Timeout = TimeSpan.FromSeconds(30) };

    public bool IsRunning => _process is { HasExited: false };

    public long WorkingSet
    {
        get
        {
            _process!.Refresh();
            return _process.WorkingSet64;
        }
    }

    /// <summary>The last lines of all its lives.</summary>
    public string Said
    {
        get
        {
            lock (_said) return new StringBuilder().AppendJoin('\n', _said).ToString();
        }
    }

    /// <summary>Starts it, and does not wait.</summary>
    public void Start()
    {
        _process?.Dispose();
        _process = null;
        string[] line = [.. within ?? [], "dotnet", program, .. arguments];
        _process = Process.Start(new ProcessStartInfo(line[0], line[1..])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = Path.GetDirectoryName(program)!,
        })!;
        Keep($"-- started as process {_process.Id}");
        _process.OutputDataReceived += (_, line) => Keep(line.Data);
        _process.ErrorDataReceived += (_, line) =>
        {
            Keep(line.Data);
            if (line.Data is not null) complains?.Invoke(line.Data);
        };
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    /// <summary>Returns when it says that writes would succeed. Throws with what it said when it ends or takes too long.</summary>
    public async Task Ready(TimeSpan? within = null)
    {
        var clock = Stopwatch.StartNew();
        using var knock = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        while (clock.Elapsed < (within ?? ReadyWithin))
        {
            if (!IsRunning) throw new InvalidOperationException($"{address} ended with {_process?.ExitCode}:\n{Said}");
            if (await Answers("/health/ready")) return;
            await knock.WaitForNextTickAsync();
        }
        throw new TimeoutException($"{address} was not ready in time:\n{Said}");
    }

    /// <summary>Whether it answers a GET with success now.</summary>
    public async Task<bool> Answers(string path)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(3));
        try
        {
            using var answer = await Http.GetAsync(path, patience.Token);
            return answer.IsSuccessStatusCode;
        }
        catch (Exception failure) when (failure is HttpRequestException or OperationCanceledException)
        {
            return false;
        }
    }

    /// <summary>As kill -9: no handler runs, nothing is flushed.</summary>
    public async Task Kill()
    {
        Keep("-- killed");
        _process!.Kill();
        await Ended();
    }

    /// <summary>As an orchestrator ends it: SIGTERM. Answers its exit code.</summary>
    public async Task<int> Stop()
    {
        Keep("-- told to end");
        Signal(15);
        return await Ended();
    }

    /// <summary>Returns with the exit code when it has ended, by whomever.</summary>
    public async Task<int> Ended()
    {
        await _process!.WaitForExitAsync();
        return _process.ExitCode;
    }

    /// <summary>Holds it up where it is, as a machine that hangs, until <see cref="Resume"/>.</summary>
    public void Pause() => Signal(19);

    public void Resume() => Signal(18);

    public void Dispose()
    {
        if (IsRunning)
        {
            _process!.Kill();
            _process.WaitForExit();
        }
        _process?.Dispose();
        Http.Dispose();
    }

    private void Signal(int signal)
    {
        if (kill(_process!.Id, signal) != 0) throw new InvalidOperationException($"{address} takes no signal: is it gone?\n{Said}");
    }

    private void Keep(string? line)
    {
        if (line is null) return;
        lock (_said)
        {
            if (_said.Count == MostLines) _said.Dequeue();
            _said.Enqueue($"{DateTime.UtcNow:HH:mm:ss.fff} {line}");
        }
    }

    [DllImport("libc", SetLastError = true)]
    private static extern int kill(int process, int signal);
}
